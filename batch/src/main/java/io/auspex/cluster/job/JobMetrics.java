package io.auspex.cluster.job;

import io.auspex.cluster.JobRun;
import io.auspex.platform.MeterFamily;
import io.auspex.platform.Meters;
import java.util.Locale;

/** Runs, their time, their items and their failures, by job and status. No tenant is told apart: these are everybody's. */
final class JobMetrics {
    private static final double[] SECONDS = {1, 5, 15, 60, 300, 900, 3_600};

    private final MeterFamily runs;
    private final MeterFamily seconds;
    private final MeterFamily items;
    private final MeterFamily running;

    JobMetrics(Meters meters) {
        // not "job": the label under which self-monitoring says that the series are Auspex' own
        runs = meters.counter("auspex_job_runs_total", "Runs that ended, by how.", "job_name", "status");
        seconds = meters.histogram(
                "auspex_job_run_seconds", "Time that ended runs took on this node.", SECONDS, "job_name", "status");
        items = meters.counter("auspex_job_items_total", "Items that jobs have done.", "job_name");
        running = meters.gauge("auspex_job_runs_running", "Runs this node works on.", "job_name");
    }

    /** Makes the series of a job exist, so that a first failure is a step from 0 and not a beginning. */
    void know(String job) {
        for (JobRun.Status status : JobRun.Status.values()) {
            if (status.isOver()) {
                runs.with(job, label(status));
            }
        }
        items.with(job);
        running.with(job).set(0);
    }

    void ended(String job, JobRun.Status status, double took) {
        ended(job, status);
        seconds.with(job, label(status)).observe(took);
    }

    /** A run ended and nobody knows how long it took. */
    void ended(String job, JobRun.Status status) {
        runs.with(job, label(status)).increment();
    }

    void done(String job, int count) {
        items.with(job).add(count);
    }

    void running(String job, long count) {
        running.with(job).set(count);
    }

    private static String label(JobRun.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
