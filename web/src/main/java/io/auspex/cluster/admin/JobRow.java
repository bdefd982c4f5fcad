package io.auspex.cluster.admin;

import io.auspex.cluster.JobRun;
import io.auspex.platform.admin.Texts;
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

    /** Name of the job as people read it. */
    public String getJob() {
        return title(run.job());
    }

    /** A job that has no text of its own is called by its name. */
    static String title(String job) {
        String key = "jobs.name." + job;
        return Texts.bundle().containsKey(key) ? Texts.text(key) : job;
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

    /** Whether it is not over. */
    public boolean isOpen() {
        return !run.status().isOver();
    }

    public boolean isStoppable() {
        return isOpen() && run.status() != JobRun.Status.STOPPING;
    }

    public boolean isRestartable() {
        return run.status().isRestartable();
    }

    public boolean isCompleted() {
        return run.status() == JobRun.Status.COMPLETED;
    }

    public int getPercent() {
        return run.percent();
    }

    /** Done of all, empty while they are not counted. */
    public String getProgress() {
        return run.total() == 0 ? "" : run.processed() + "\u00a0/\u00a0" + run.total();
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
