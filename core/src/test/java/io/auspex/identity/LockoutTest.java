package io.auspex.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LockoutTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void afterFailure_locks_atTheTenthInTenMinutes() {
        List<Instant> failures = List.of();
        for (int i = 0; i < 9; i++) {
            Lockout.Outcome outcome = Lockout.DEFAULT.afterFailure(failures, NOON.plusSeconds(i));
            assertThat(outcome.lockedUntil()).isEmpty();
            failures = outcome.failedAt();
        }

        Instant tenth = NOON.plus(Duration.ofMinutes(10)).minusMillis(1);
        assertThat(Lockout.DEFAULT.afterFailure(failures, tenth).lockedUntil())
                .contains(tenth.plus(Duration.ofMinutes(15)));
    }

    @Test
    void afterFailure_doesNotLock_whenTheOldestHasLeftTheWindow() {
        List<Instant> failures = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            failures.add(NOON.plusSeconds(i));
        }

        Lockout.Outcome outcome = Lockout.DEFAULT.afterFailure(failures, NOON.plus(Duration.ofMinutes(10)));

        assertThat(outcome.lockedUntil()).isEmpty();
        assertThat(outcome.failedAt()).hasSize(9).doesNotContain(NOON);
    }
}
