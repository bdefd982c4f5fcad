package io.auspex.identity.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FreshCacheTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private final FreshCache<String, String> cache = new FreshCache<>(nanos::get, () -> Duration.ofMinutes(15));

    private Optional<String> ask(Optional<String> database) {
        return cache.get("key", () -> {
            looks.incrementAndGet();
            return database;
        });
    }

    private Optional<String> askWithoutDatabase() {
        return cache.get("key", () -> {
            throw new AuspexException(Code.UNAVAILABLE, "down");
        });
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void get_asksOnce_withinASecond() {
        ask(Optional.of("a"));
        pass(Duration.ofMillis(999));

        assertThat(ask(Optional.of("b"))).contains("a");
        assertThat(looks).hasValue(1);
    }

    @Test
    void get_seesARevocation_afterASecond() {
        ask(Optional.of("a"));
        pass(Duration.ofSeconds(1));

        assertThat(ask(Optional.empty())).isEmpty();
        assertThat(ask(Optional.of("b"))).isEmpty();
    }

    @Test
    void get_believesTheLastAnswer_whileTheDatabaseIsDown() {
        ask(Optional.of("a"));
        pass(Duration.ofMinutes(14));

        assertThat(askWithoutDatabase()).contains("a");
    }

    @Test
    void get_stopsBelieving_afterAQuarterOfAnHourOfOutage() {
        ask(Optional.of("a"));
        for (int minute = 0; minute < 14; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(askWithoutDatabase()).contains("a");
        }
        pass(Duration.ofMinutes(1));

        assertThatThrownBy(this::askWithoutDatabase).isInstanceOf(AuspexException.class);
    }

    @Test
    void get_neverBelievesAbsence_whileTheDatabaseIsDown() {
        ask(Optional.empty());
        pass(Duration.ofSeconds(2));

        assertThatThrownBy(this::askWithoutDatabase).isInstanceOf(AuspexException.class);
    }
}
