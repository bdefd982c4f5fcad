package io.auspex.cluster.job;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.TenantId;
import jakarta.batch.operations.BatchRuntimeException;
import jakarta.batch.operations.JobOperator;
import jakarta.batch.runtime.BatchRuntime;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which run of which tenant a job execution works on: its one job parameter, and what its partitions are made from. */
public final class TenantRuns {
    /** The job parameter: {@code tenant:run} pairs with commas between. */
    static final String PARAMETER = "runs";

    private TenantRuns() {}

    /** Starts a job for the runs of tenants; gives the execution's id. */
    public static long start(String job, Map<TenantId, Long> runs, Properties more) {
        Properties parameters = new Properties();
        parameters.putAll(more);
        parameters.setProperty(
                PARAMETER,
                new TreeMap<>(runs)
                        .entrySet().stream()
                                .map(run -> run.getKey() + ":" + run.getValue())
                                .collect(Collectors.joining(",")));
        try {
            return BatchRuntime.getJobOperator().start(job, parameters);
        } catch (BatchRuntimeException | ServiceConfigurationError e) { // the latter: the repository cannot be reached
            throw new AuspexException(Code.UNAVAILABLE, "the job could not be started", e);
        }
    }

    /** Asks an execution to stop after the items it is at. */
    public static void stop(long execution) {
        try {
            BatchRuntime.getJobOperator().stop(execution);
        } catch (BatchRuntimeException e) {
            throw new AuspexException(Code.CONFLICT, "the job is not running", e);
        }
    }

    /** Goes on with a failed or stopped execution at its checkpoints; gives the new execution's id. */
    public static long restart(long execution) {
        JobOperator operator = BatchRuntime.getJobOperator();
        try {
            return operator.restart(execution, operator.getParameters(execution));
        } catch (BatchRuntimeException e) {
            throw new AuspexException(Code.CONFLICT, "the job cannot be restarted; start a new one", e);
        }
    }

    /** The runs of an execution. */
    public static Map<TenantId, Long> of(long execution) {
        Properties parameters = BatchRuntime.getJobOperator().getParameters(execution);
        return parse(parameters == null ? "" : parameters.getProperty(PARAMETER, ""));
    }

    static Map<TenantId, Long> parse(String text) {
        Map<TenantId, Long> runs = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                runs.put(
                        new TenantId(Integer.parseInt(pair.substring(0, colon))),
                        Long.valueOf(pair.substring(colon + 1)));
            }
        }
        return runs;
    }
}
