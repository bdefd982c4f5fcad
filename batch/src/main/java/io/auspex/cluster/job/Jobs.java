package io.auspex.cluster.job;

import io.auspex.cluster.JobRun;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The jobs of a tenant, for its operators; whoever calls says which tenant, from the credential of its caller. */
@Stateless
@RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Jobs {
    @Inject
    JobRuns runs;

    /** The names of all jobs. */
    public List<String> names() {
        return runs.jobs();
    }

    /**
     * @param wanted what the run shall do, as the job understands it; empty for what it does every night
     * @throws AuspexException NOT_FOUND when there is no such job, BAD_REQUEST when it cannot do what is wanted, CONFLICT
     *     when it is doing that already
     */
    public JobRun start(TenantId tenant, String job, Map<String, String> wanted, String requestedBy) {
        return runs.start(tenant, job, wanted, requestedBy);
    }

    /** @param names names of jobs, none for all */
    public Page<JobRun> list(TenantId tenant, Set<String> names, PageRequest page) {
        return runs.list(tenant, names, page);
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run */
    public JobRun get(TenantId tenant, long run) {
        return runs.get(tenant, run);
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run of that job */
    public JobRun get(TenantId tenant, String job, long run) {
        return runs.get(tenant, job, run);
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run, CONFLICT when it is over */
    public JobRun stop(TenantId tenant, long run) {
        return runs.stop(tenant, run);
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run, CONFLICT when it is not failed or stopped */
    public JobRun restart(TenantId tenant, long run) {
        return runs.restart(tenant, run);
    }
}
