package io.auspex.cluster.job;

import io.auspex.cluster.JobWork;
import io.auspex.tenancy.TenantId;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;

/**
 * A job that works for one tenant at a time. A bean of this type and {@code META-INF/batch-jobs/<name>.xml} is all that
 * a job needs to run every night, to be started, stopped and restarted, and to be seen in the portal, the API and the
 * metrics.
 *
 * <p>The XML names {@code runListener} as the job's listener and {@code tenantPartitions} as the mapper of each step,
 * and gives each step the properties {@code tenant} and {@code run}, which {@link RunProgress} reads.
 */
public interface TenantJob {
    /** Name of the job and its XML: lower case with hyphens. */
    String name();

    /**
     * Time of day, UTC, at which it begins for every tenant, unless {@code auspex.jobs.<name>.at} says otherwise; empty
     * for a job that runs when it is asked for.
     */
    Optional<LocalTime> nightly();

    /**
     * What a run shall do.
     *
     * @param wanted what the caller asked for; empty for the run of a night
     * @param today the day, UTC, on which it was asked, or the night's
     * @throws io.auspex.platform.AuspexException BAD_REQUEST when that is not possible
     */
    JobWork work(Map<String, String> wanted, LocalDate today);

    /** What came of a completed run, in a few words; may be empty. */
    default String outcome(TenantId tenant, long run) {
        return "";
    }
}
