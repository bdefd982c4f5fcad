package io.auspex.cluster.job;

import io.auspex.tenancy.TenantId;
import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.Properties;

/** One partition for each tenant, with the properties {@code tenant} and {@code run}; two at a time. */
@Named("tenantPartitions")
@Dependent
public class TenantPartitions implements PartitionMapper {
    private static final int THREADS = 2;

    @Inject
    JobContext job;

    @Override
    public PartitionPlan mapPartitions() {
        Map<TenantId, Long> runs = TenantRuns.of(job.getExecutionId());
        Properties[] partitions = runs.entrySet().stream()
                .map(run -> {
                    Properties properties = new Properties();
                    properties.setProperty("tenant", run.getKey().toString());
                    properties.setProperty("run", run.getValue().toString());
                    return properties;
                })
                .toArray(Properties[]::new);
        PartitionPlanImpl plan = new PartitionPlanImpl();
        plan.setPartitions(partitions.length);
        plan.setThreads(Math.min(THREADS, Math.max(1, partitions.length)));
        plan.setPartitionProperties(partitions);
        return plan;
    }
}
