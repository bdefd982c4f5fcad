package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CounterRateTest {
    private final CounterRate rate = new CounterRate();

    @Test
    void update_isTheIncreasePerSecond() {
        assertThat(rate.update(0, 100)).isNaN();
        assertThat(rate.update(15_000, 130)).isEqualTo(2);
    }

    @Test
    void update_countsFromZero_afterARestart() {
        rate.update(0, 100);

        assertThat(rate.update(10_000, 50)).isEqualTo(5);
    }

    @Test
    void update_ignoresOldAndOddSamples() {
        rate.update(0, 100);
        assertThat(rate.update(0, 200)).isNaN();
        assertThat(rate.update(5_000, Double.NaN)).isNaN();

        assertThat(rate.update(10_000, 110)).isEqualTo(1);
    }

    @Test
    void isCounter_knowsThePrescribedSuffixes() {
        assertThat(CounterRate.isCounter("http_requests_total")).isTrue();
        assertThat(CounterRate.isCounter("process_resident_memory_bytes")).isFalse();
    }
}
