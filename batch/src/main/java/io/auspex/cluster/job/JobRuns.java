package io.auspex.cluster.job;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.control.RunStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Starting, stopping, restarting and showing runs of any job. Asks nobody for a role: {@link Jobs} and its like do. */
@ApplicationScoped
public class JobRuns {
    @Inject
    RunStore store;

    @Inject
    JobNode node;

    @Inject
    KnownJobs jobs;

    @Inject
    Clock clock;

    /** The names of all jobs. */
    public List<String> jobs() {
        return jobs.all().stream().map(TenantJob::name).toList();
    }

    /**
     * Queues a run and starts it at once when this node has room.
     *
     * @throws AuspexException NOT_FOUND when there is no such job, BAD_REQUEST when it cannot do what is wanted, CONFLICT
     *     when it is doing that already
     */
    public JobRun start(TenantId tenant, String job, Map<String, String> wanted, String requestedBy) {
        TenantJob known = jobs.find(job)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is no such job, but " + jobs()));
        OptionalLong run =
                store.queue(tenant, job, known.work(wanted, LocalDate.now(clock)), requestedBy, clock.instant());
        if (run.isEmpty()) {
            throw new AuspexException(Code.CONFLICT, "a run of this job is not over yet; stop it, or wait for it");
        }
        node.takeUp();
        return get(tenant, run.getAsLong());
    }

    /** @param names names of jobs, none for all */
    public Page<JobRun> list(TenantId tenant, Set<String> names, PageRequest page) {
        return Page.of(store.list(tenant, names, page), page.limit(), run -> Long.toString(run.id()));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run */
    public JobRun get(TenantId tenant, long run) {
        return store.find(tenant, run)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such run of that job */
    public JobRun get(TenantId tenant, String job, long run) {
        JobRun found = get(tenant, run);
        if (!found.job().equals(job)) {
            throw new AuspexException(Code.NOT_FOUND, "there is nothing here for you");
        }
        return found;
    }

    /**
     * Asks a run to stop after the items it is at.
     *
     * @throws AuspexException NOT_FOUND when the tenant has no such run, CONFLICT when it is over
     */
    public JobRun stop(TenantId tenant, long run) {
        JobRun found = get(tenant, run);
        if (!store.requestStop(tenant, run, clock.instant())) {
            throw new AuspexException(Code.CONFLICT, "the run is " + found.status() + " and cannot be stopped");
        }
        node.stop(run);
        return get(tenant, run);
    }

    /**
     * Goes on with a failed or stopped run where it stood.
     *
     * @throws AuspexException NOT_FOUND when the tenant has no such run, CONFLICT when it is not failed or stopped, or
     *     another run does the same
     */
    public JobRun restart(TenantId tenant, long run) {
        JobRun found = get(tenant, run);
        if (!store.requeue(tenant, run)) {
            throw new AuspexException(
                    Code.CONFLICT,
                    found.status().isRestartable()
                            ? "a newer run of this job is not over yet"
                            : "the run is " + found.status() + " and cannot be restarted");
        }
        node.takeUp();
        return get(tenant, run);
    }
}
