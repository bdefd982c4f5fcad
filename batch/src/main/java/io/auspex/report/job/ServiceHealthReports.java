package io.auspex.report.job;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.job.TenantRuns;
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
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Properties;

/** Starts, stops and shows service-health reports of a tenant; whoever calls says which, from the credential of its caller. */
@Stateless
@RolesAllowed({Role.ANALYST_NAME, Scope.ADMIN_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ServiceHealthReports {
    public static final String JOB = "service-health-report";
    private static final int MAX_AGE_DAYS = 400;

    @Inject
    ReportStore store;

    @Inject
    Clock clock;

    /** The two forms of a report that is complete. */
    public record Document(String csv, String html, String sha256) {}

    /** A new run over a day, UTC, which may be the running one. */
    public JobRun start(TenantId tenant, LocalDate day, String requestedBy) {
        LocalDate today = LocalDate.now(clock);
        if (day.isAfter(today) || day.isBefore(today.minusDays(MAX_AGE_DAYS))) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "day must be within the last " + MAX_AGE_DAYS + " days, got " + day);
        }
        long run = store.create(tenant, day, requestedBy, clock.instant());
        try {
            store.started(tenant, run, TenantRuns.start(JOB, Map.of(tenant, run), parameters(day)));
        } catch (AuspexException e) {
            store.ended(tenant, run, JobRun.Status.FAILED, e.detail(), clock.instant());
            throw e;
        }
        return get(tenant, run);
    }

    static Properties parameters(LocalDate day) {
        Properties parameters = new Properties();
        parameters.setProperty("day", day.toString());
        return parameters;
    }

    public Page<JobRun> list(TenantId tenant, PageRequest page) {
        return Page.of(store.list(tenant, page), page.limit(), run -> Long.toString(run.id()));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run */
    public JobRun get(TenantId tenant, long run) {
        return store.find(tenant, run)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run, CONFLICT while it is not complete */
    public Document document(TenantId tenant, long run) {
        JobRun found = get(tenant, run);
        return store.rendered(tenant, run)
                .map(rendered -> new Document(rendered.csv(), rendered.html(), rendered.sha256()))
                .orElseThrow(() -> new AuspexException(Code.CONFLICT, "the report is " + found.status()));
    }

    /** @throws AuspexException CONFLICT when the run is over */
    @RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
    public JobRun stop(TenantId tenant, long run) {
        JobRun found = get(tenant, run);
        if (found.status().isOver() || found.executionId().isEmpty()) {
            throw new AuspexException(Code.CONFLICT, "the run is " + found.status() + " and cannot be stopped");
        }
        TenantRuns.stop(found.executionId().get());
        return get(tenant, run);
    }

    /** @throws AuspexException CONFLICT when the run is not failed or stopped */
    @RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
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
