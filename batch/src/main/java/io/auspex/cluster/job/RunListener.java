package io.auspex.cluster.job;

import io.auspex.cluster.JobRun;
import jakarta.batch.api.listener.AbstractJobListener;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Tells a run when the batch runtime begins and ends with it. */
@Named("runListener")
@Dependent
public class RunListener extends AbstractJobListener {
    @Inject
    JobContext job;

    @Inject
    JobNode node;

    @Override
    public void beforeJob() {
        node.began(run(), job.getExecutionId());
    }

    @Override
    public void afterJob() {
        // what the runtime says here is not the last word yet: STARTED becomes COMPLETED, STOPPING becomes STOPPED
        JobRun.Status status = switch (job.getBatchStatus()) {
            case STOPPING, STOPPED -> JobRun.Status.STOPPED;
            case FAILED, ABANDONED -> JobRun.Status.FAILED;
            default -> JobRun.Status.COMPLETED;
        };
        node.ended(run(), status);
    }

    private long run() {
        return Long.parseLong(BatchRuntime.getJobOperator()
                .getParameters(job.getExecutionId())
                .getProperty(TenantPartitions.RUN));
    }
}
