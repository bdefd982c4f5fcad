package io.auspex.models.job;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.job.TenantRuns;
import io.auspex.models.control.TrainingStore;
import jakarta.batch.api.listener.AbstractJobListener;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;

/** Tells each tenant's run how the job came out. */
@Named("trainingRunListener")
@Dependent
public class TrainingRunListener extends AbstractJobListener {
    @Inject
    JobContext job;

    @Inject
    TrainingStore store;

    @Inject
    Clock clock;

    @Override
    public void beforeJob() {
        TenantRuns.of(job.getExecutionId()).forEach((tenant, run) -> store.started(tenant, run, job.getExecutionId()));
    }

    @Override
    public void afterJob() {
        BatchStatus status = job.getBatchStatus();
        boolean stopped = status == BatchStatus.STOPPING || status == BatchStatus.STOPPED;
        TenantRuns.of(job.getExecutionId())
                .forEach((tenant, run) -> store.ended(
                        tenant,
                        run,
                        stopped ? JobRun.Status.STOPPED : JobRun.Status.FAILED,
                        stopped ? "stopped; restart it to go on" : "failed; the log has it, restart it to go on",
                        clock.instant()));
    }
}
