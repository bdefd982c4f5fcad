package io.auspex.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts failed sign-ins of one account or one address over a sliding window, and locks it when there are too many.
 *
 * @param failures failures in the window before which a sign-in is refused without looking at the password
 */
public record Lockout(int failures, Duration window, Duration lock) {
    public static final Lockout DEFAULT = new Lockout(10, Duration.ofMinutes(10), Duration.ofMinutes(15));

    public Lockout {
        if (failures < 1 || window.isNegative() || window.isZero() || lock.isNegative() || lock.isZero()) {
            throw new IllegalArgumentException(
                    "failures, window and lock must be positive, got " + failures + ", " + window + ", " + lock);
        }
    }

    /**
     * What is remembered after a failure.
     *
     * @param failedAt failures that still count, oldest first; empty once locked
     * @param lockedUntil present when this failure was one too many
     */
    public record Outcome(List<Instant> failedAt, Optional<Instant> lockedUntil) {}

    public Outcome afterFailure(List<Instant> failedAt, Instant now) {
        List<Instant> counting = new ArrayList<>();
        for (Instant failure : failedAt) {
            if (failure.isAfter(now.minus(window))) {
                counting.add(failure);
            }
        }
        counting.add(now);
        return counting.size() >= failures
                ? new Outcome(List.of(), Optional.of(now.plus(lock)))
                : new Outcome(List.copyOf(counting), Optional.empty());
    }
}
