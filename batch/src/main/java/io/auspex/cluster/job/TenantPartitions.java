package io.auspex.cluster.job;

import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Properties;

/**
 * The partition of an execution's tenant, with the properties {@code tenant} and {@code run}.
 *
 * <p>A restart makes its partitions anew: the batch runtime cannot go on with those of a process that was killed, and
 * need not, since a run knows how far it is by itself ({@link RunProgress#begin}).
 */
@Named("tenantPartitions")
@Dependent
public class TenantPartitions implements PartitionMapper {
    static final String TENANT = "tenant";
    static final String RUN = "run";

    @Inject
    JobContext job;

    @Override
    public PartitionPlan mapPartitions() {
        Properties parameters = BatchRuntime.getJobOperator().getParameters(job.getExecutionId());
        Properties tenant = new Properties();
        tenant.setProperty(TENANT, parameters.getProperty(TENANT));
        tenant.setProperty(RUN, parameters.getProperty(RUN));
        PartitionPlanImpl plan = new PartitionPlanImpl();
        plan.setPartitions(1);
        plan.setThreads(1);
        plan.setPartitionProperties(new Properties[] {tenant});
        plan.setPartitionsOverride(true);
        return plan;
    }
}
