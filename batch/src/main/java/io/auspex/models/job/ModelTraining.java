package io.auspex.models.job;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.job.TenantRuns;
import io.auspex.models.control.TrainingStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
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
import java.time.Clock;
import java.util.Map;
import java.util.Properties;

/** Starts, stops and shows training runs of a tenant; whoever calls says which, from the credential of its caller. */
@Stateless
@RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ModelTraining {
    public static final String JOB = "model-training";
    static final String MODEL_TYPE = "next-value";

    @Inject
    TrainingStore store;

    @Inject
    Clock clock;

    /** A new run for a tenant. */
    public JobRun start(TenantId tenant, String requestedBy) {
        long run = store.create(tenant, MODEL_TYPE, requestedBy, clock.instant());
        launch(tenant, run);
        return get(tenant, run);
    }

    private void launch(TenantId tenant, long run) {
        try {
            store.started(tenant, run, TenantRuns.start(JOB, Map.of(tenant, run), new Properties()));
        } catch (AuspexException e) {
            store.ended(tenant, run, JobRun.Status.FAILED, e.detail(), clock.instant());
            throw e;
        }
    }

    public Page<JobRun> list(TenantId tenant, PageRequest page) {
        return Page.of(store.list(tenant, page), page.limit(), run -> Long.toString(run.id()));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run */
    public JobRun get(TenantId tenant, long run) {
        return store.find(tenant, run)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }

    /** How many models a run has made. */
    public int models(TenantId tenant, long run) {
        return store.models(tenant, run);
    }

    /** @throws AuspexException CONFLICT when the run is over */
    public JobRun stop(TenantId tenant, long run) {
        JobRun found = get(tenant, run);
        if (found.status().isOver() || found.executionId().isEmpty()) {
            throw new AuspexException(Code.CONFLICT, "the run is " + found.status() + " and cannot be stopped");
        }
        TenantRuns.stop(found.executionId().get());
        return get(tenant, run);
    }

    /** @throws AuspexException CONFLICT when the run is not failed or stopped */
    public JobRun restart(TenantId tenant, long run) {
        JobRun found = get(tenant, run);
        boolean broken = found.status() == JobRun.Status.FAILED || found.status() == JobRun.Status.STOPPED;
        if (!broken || found.executionId().isEmpty()) {
            throw new AuspexException(Code.CONFLICT, "the run is " + found.status() + " and cannot be restarted");
        }
        store.reopen(tenant, run);
        try {
            store.started(tenant, run, TenantRuns.restart(found.executionId().get()));
        } catch (AuspexException e) {
            store.ended(tenant, run, found.status(), e.detail(), clock.instant());
            throw e;
        }
        return get(tenant, run);
    }
}
