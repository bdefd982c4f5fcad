package io.auspex.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * One run of a job for one tenant.
 *
 * @param job name of the job, which is also that of its XML
 * @param subject what it works on: a type of model, a report and its day
 * @param executionId its latest execution in the batch runtime, absent before it has started
 * @param total items of the step it is at, 0 while they are not counted
 * @param processed items of that step that are done, at which a restart goes on
 * @param message what came of it, or why it ended early; may be empty
 */
public record JobRun(
        long id,
        String job,
        String subject,
        Status status,
        String requestedBy,
        Optional<Long> executionId,
        int total,
        int processed,
        String message,
        Instant createdAt,
        Optional<Instant> endedAt) {
    /** Where a run stands. */
    public enum Status {
        /** Waits for a node that has room for it. */
        QUEUED,
        RUNNING,
        /** Stops after the items it is at. */
        STOPPING,
        COMPLETED,
        FAILED,
        STOPPED;

        public boolean isOver() {
            return this == COMPLETED || isRestartable();
        }

        public boolean isRestartable() {
            return this == FAILED || this == STOPPED;
        }
    }

    /** How far the run is, 0 to 100. */
    public int percent() {
        if (status == Status.COMPLETED) {
            return 100;
        }
        return total == 0 ? 0 : (int) (100L * Math.min(processed, total) / total);
    }
}
