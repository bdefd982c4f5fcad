package io.auspex.cluster.job;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.control.BatchHistory;
import io.auspex.cluster.control.RunLeases;
import io.auspex.cluster.control.RunStore;
import io.auspex.platform.Meters;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.PostConstruct;
import jakarta.batch.operations.BatchRuntimeException;
import jakarta.batch.operations.JobOperator;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The runs that this node works on. It takes up as many as it has room for, keeps its lease on them while they go on,
 * and gives up those of nodes that went away.
 */
@ApplicationScoped
public class JobNode {
    private static final System.Logger LOG = System.getLogger(JobNode.class.getName());
    private static final long NOT_YET = -1;

    @Inject
    RunStore store;

    @Inject
    RunLeases leases;

    @Inject
    BatchHistory history;

    @Inject
    KnownJobs jobs;

    @Inject
    Clock clock;

    @Inject
    Meters meters;

    @Inject
    @ConfigProperty(name = "auspex.jobs.parallel", defaultValue = "2")
    int parallel;

    @Inject
    @ConfigProperty(name = "auspex.jobs.lease", defaultValue = "PT30S")
    Duration lease;

    private final UUID id = UUID.randomUUID();
    private final Map<Long, Active> active = new ConcurrentHashMap<>();
    private JobMetrics metrics = new JobMetrics(new Meters());

    /** @param execution of the batch runtime, {@link #NOT_YET} before it has begun */
    private record Active(TenantId tenant, String job, long execution, long sinceNanos) {
        Active at(long begun) {
            return new Active(tenant, job, begun, sinceNanos);
        }
    }

    @PostConstruct
    void register() {
        metrics = new JobMetrics(meters);
        jobs.all().forEach(job -> metrics.know(job.name()));
    }

    /** This process among all that ever were. */
    UUID id() {
        return id;
    }

    /** Starts queued runs as long as there is room for them. */
    synchronized void takeUp() {
        int room = parallel - active.size();
        if (room <= 0 || JobKeeper.isDraining()) {
            return;
        }
        List<RunLeases.Claim> claims = leases.claim(id, room, lease);
        claims.forEach(this::launch);
        measure();
    }

    private void launch(RunLeases.Claim claim) {
        active.put(claim.run(), new Active(claim.tenant(), claim.job(), NOT_YET, System.nanoTime()));
        try {
            Properties parameters = new Properties();
            parameters.putAll(claim.parameters());
            parameters.setProperty(TenantPartitions.TENANT, claim.tenant().toString());
            parameters.setProperty(TenantPartitions.RUN, Long.toString(claim.run()));
            if (claim.executionId().isEmpty() || !restarted(claim.executionId().get(), parameters)) {
                BatchRuntime.getJobOperator().start(claim.job(), parameters);
            }
        } catch (BatchRuntimeException | ServiceConfigurationError e) { // the latter: the repository cannot be reached
            LOG.log(
                    System.Logger.Level.ERROR,
                    "job could not be started job=" + claim.job() + " run=" + claim.run(),
                    e);
            ended(claim.run(), JobRun.Status.FAILED, "could not be started; the log says why");
        }
    }

    /** Goes on with an execution; false when the runtime does not know it, or not as one that could go on. */
    private static boolean restarted(long execution, Properties parameters) {
        try {
            BatchRuntime.getJobOperator().restart(execution, parameters);
            return true;
        } catch (BatchRuntimeException | IllegalStateException e) {
            // the run itself knows how far it is, so that a new execution loses nothing
            LOG.log(System.Logger.Level.WARNING, "execution {0} cannot be restarted: {1}", execution, e.getMessage());
            return false;
        }
    }

    /** Keeps the lease on what is at work here; stops what shall stop, and what another node took over. */
    void keep() {
        if (active.isEmpty()) {
            return;
        }
        Map<Long, JobRun.Status> kept = leases.keep(id, List.copyOf(active.keySet()), lease);
        active.forEach((run, work) -> {
            if (kept.get(run) != JobRun.Status.RUNNING) {
                stop(run);
            }
        });
    }

    /** Fails the runs of nodes that went away; they can be restarted. */
    void giveUpLost() {
        for (RunLeases.GivenUp run : leases.giveUpLost()) {
            LOG.log(System.Logger.Level.WARNING, "run given up job={0} execution={1}", run.job(), run.executionId());
            metrics.ended(run.job(), JobRun.Status.FAILED);
            run.executionId().ifPresent(history::fail);
        }
    }

    /** Stops everything that is at work here; it ends after the items it is at. */
    void stopAll() {
        active.keySet().forEach(this::stop);
    }

    /** How many runs are at work here. */
    int atWork() {
        return active.size();
    }

    /** Stops a run if it is at work here; it ends after the items it is at. */
    void stop(long run) {
        Active work = active.get(run);
        if (work == null || work.execution() == NOT_YET) {
            return;
        }
        JobOperator operator = BatchRuntime.getJobOperator();
        try {
            operator.stop(work.execution());
        } catch (BatchRuntimeException e) { // it has just ended, or stops already
            LOG.log(System.Logger.Level.DEBUG, "run {0} did not stop: {1}", run, e.getMessage());
        }
    }

    /** From the run's own thread. */
    void began(long run, long execution) {
        Active work = active.computeIfPresent(run, (key, claimed) -> claimed.at(execution));
        if (work != null) {
            store.executing(work.tenant(), run, id, execution);
        }
    }

    /** From the run's own thread. */
    void counted(long run, int items) {
        Active work = active.get(run);
        if (work != null) {
            metrics.done(work.job(), items);
        }
    }

    /** From the run's own thread, at its very end. */
    void ended(long run, JobRun.Status status) {
        ended(
                run,
                status,
                switch (status) {
                    case STOPPED -> "restart it to go on";
                    case FAILED -> "the log says why; restart it to go on";
                    default -> outcome(run);
                });
    }

    private void ended(long run, JobRun.Status status, String message) {
        Active work = active.remove(run);
        if (work != null && store.ended(work.tenant(), run, id, status, message, clock.instant())) {
            metrics.ended(work.job(), status, (System.nanoTime() - work.sinceNanos()) / 1e9);
        }
        if (work != null && status == JobRun.Status.STOPPED) {
            history.stopPartitions(work.execution());
        }
        measure();
    }

    private String outcome(long run) {
        Active work = active.get(run);
        return work == null
                ? ""
                : jobs.find(work.job())
                        .map(job -> job.outcome(work.tenant(), run))
                        .orElse("");
    }

    private void measure() {
        jobs.all()
                .forEach(job -> metrics.running(
                        job.name(),
                        active.values().stream()
                                .filter(work -> work.job().equals(job.name()))
                                .count()));
    }
}
