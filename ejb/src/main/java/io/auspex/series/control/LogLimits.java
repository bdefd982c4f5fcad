package io.auspex.series.control;

import java.time.Duration;

/**
 * How much may wait for the durable log.
 *
 * @param queueBytes encoded bytes that may wait for a committer; more are refused
 * @param queueAge how long a request may wait for a committer before it is refused
 * @param batchBytes at most this much is committed together
 * @param committers connections that commit side by side
 */
record LogLimits(long queueBytes, Duration queueAge, long batchBytes, int committers) {
    /** Two committers and no linger: measured best on two cores, see ADR 020. */
    static final LogLimits DEFAULT = new LogLimits(32 << 20, Duration.ofSeconds(5), 4 << 20, 2);

    LogLimits {
        if (queueBytes < batchBytes || batchBytes < 1) {
            throw new IllegalArgumentException(
                    "need 0 < batchBytes <= queueBytes, got " + batchBytes + " and " + queueBytes);
        }
        if (queueAge.isNegative() || queueAge.isZero()) {
            throw new IllegalArgumentException("queueAge must be positive, got " + queueAge);
        }
        if (committers < 1 || committers > 8) {
            throw new IllegalArgumentException("committers must be within [1, 8], got " + committers);
        }
    }
}
