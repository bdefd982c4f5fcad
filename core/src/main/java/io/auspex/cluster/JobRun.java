package io.auspex.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * One run of a job for one tenant.
 *
 * @param subject what it works on: a type of model, a report and its day
 * @param executionId of the batch runtime, absent before it has started
 * @param total items to do, 0 while they are not counted
 */
public record JobRun(
        long id,
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
        STARTING,
        RUNNING,
        COMPLETED,
        FAILED,
        STOPPED;

        public boolean isOver() {
            return this != STARTING && this != RUNNING;
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
