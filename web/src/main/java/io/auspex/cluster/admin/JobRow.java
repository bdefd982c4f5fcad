package io.auspex.cluster.admin;

import io.auspex.cluster.JobRun;
import java.time.Instant;
import java.util.Locale;

/** A run of a job as the list of jobs shows it. */
public final class JobRow {
    private final JobRun run;

    public JobRow(JobRun run) {
        this.run = run;
    }

    public long getId() {
        return run.id();
    }

    public String getSubject() {
        return run.subject();
    }

    public String getRequestedBy() {
        return run.requestedBy();
    }

    public String getState() {
        return run.status().name().toLowerCase(Locale.ROOT);
    }

    public String getStateKey() {
        return "jobs.state." + getState();
    }

    public boolean isRunning() {
        return !run.status().isOver();
    }

    public boolean isRestartable() {
        return run.status() == JobRun.Status.FAILED || run.status() == JobRun.Status.STOPPED;
    }

    public boolean isCompleted() {
        return run.status() == JobRun.Status.COMPLETED;
    }

    public int getPercent() {
        return run.percent();
    }

    /** Done of all, empty while they are not counted. */
    public String getProgress() {
        return run.total() == 0 ? "" : run.processed() + " / " + run.total();
    }

    public String getMessage() {
        return run.message();
    }

    /** RFC 3339. */
    public String getCreatedAt() {
        return run.createdAt().toString();
    }

    /** RFC 3339, empty while the run goes on. */
    public String getEndedAt() {
        return run.endedAt().map(Instant::toString).orElse("");
    }
}
