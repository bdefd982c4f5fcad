package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GoNumbersTest {
    @Test
    void general_hasAnExponent_fromSixAndBelowMinusFour() {
        assertThat(GoNumbers.general(1.1)).isEqualTo("1.1");
        assertThat(GoNumbers.general(100_000)).isEqualTo("100000");
        assertThat(GoNumbers.general(1_000_000)).isEqualTo("1e+06");
        assertThat(GoNumbers.general(-1234567)).isEqualTo("-1.234567e+06");
        assertThat(GoNumbers.general(0.0001)).isEqualTo("0.0001");
        assertThat(GoNumbers.general(0.00001)).isEqualTo("1e-05");
        assertThat(GoNumbers.general(0)).isEqualTo("0");
        assertThat(GoNumbers.general(Double.NaN)).isEqualTo("NaN");
        assertThat(GoNumbers.general(Double.NEGATIVE_INFINITY)).isEqualTo("-Inf");
    }

    @Test
    void fixed_neverHasAnExponent() {
        assertThat(GoNumbers.fixed(1e21)).isEqualTo("1000000000000000000000");
        assertThat(GoNumbers.fixed(1.5e-7)).isEqualTo("0.00000015");
        assertThat(GoNumbers.fixed(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
    }
}
