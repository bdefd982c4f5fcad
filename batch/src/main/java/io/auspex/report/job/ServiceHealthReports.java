package io.auspex.report.job;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.job.JobRuns;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.report.control.ReportStore;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tenant's service-health reports, for its analysts; whoever calls says which tenant, from the credential of its caller. */
@Stateless
@RolesAllowed({Role.ANALYST_NAME, Scope.ADMIN_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ServiceHealthReports {
    @Inject
    JobRuns runs;

    @Inject
    ReportStore store;

    /** The two forms of a report that is complete. */
    public record Document(String csv, String html, String sha256) {}

    /**
     * A new report.
     *
     * @param day RFC 3339 full-date, UTC; null for yesterday
     * @throws AuspexException BAD_REQUEST when it is no such day, CONFLICT when it is being made already
     */
    public JobRun start(TenantId tenant, @Nullable String day, String requestedBy) {
        return runs.start(
                tenant,
                ServiceHealthReport.NAME,
                day == null ? Map.of() : Map.of(ServiceHealthReport.DAY, day),
                requestedBy);
    }

    public Page<JobRun> list(TenantId tenant, PageRequest page) {
        return runs.list(tenant, Set.of(ServiceHealthReport.NAME), page);
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such report */
    public JobRun get(TenantId tenant, long run) {
        return runs.get(tenant, ServiceHealthReport.NAME, run);
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such report, CONFLICT while it is not complete */
    public Document document(TenantId tenant, long run) {
        JobRun found = get(tenant, run);
        return store.rendered(tenant, run)
                .map(rendered -> new Document(rendered.csv(), rendered.html(), rendered.sha256()))
                .orElseThrow(() -> new AuspexException(Code.CONFLICT, "the report is " + found.status()));
    }
}
