package io.auspex.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class BucketBoundsTest {
    @Test
    void exponential_isWhatPrometheusPrints() {
        assertThat(BucketBounds.exponential(-1, 1)).isEqualTo(0.7071067811865475);
        assertThat(BucketBounds.exponential(-1, 2)).isEqualTo(0.8408964152537144);
        assertThat(BucketBounds.exponential(-1, 3)).isEqualTo(0.9170040432046711);
        assertThat(BucketBounds.exponential(-1, 8)).isEqualTo(0.9972960560854698);
        assertThat(BucketBounds.exponential(3, 1)).isEqualTo(4 * 0.7071067811865475);
    }

    @Test
    void exponential_isThePowerOfTwo_inEachSchema() {
        for (int schema = 0; schema <= 8; schema++) {
            for (int index = -(1 << schema); index <= 1 << schema; index++) {
                double power = StrictMath.pow(2, index / (double) (1 << schema));
                assertThat(BucketBounds.exponential(index, schema)).isCloseTo(power, within(5 * Math.ulp(power)));
                assertThat(BucketBounds.exponential(index, schema))
                        .isGreaterThan(BucketBounds.exponential(index - 1, schema));
            }
        }
    }

    @Test
    void exponential_endsAtTheLargestNumber() {
        assertThat(BucketBounds.exponential(1024, 0)).isEqualTo(Double.MAX_VALUE);
        assertThat(BucketBounds.exponential(1024 << 8, 8)).isEqualTo(Double.MAX_VALUE);
        assertThat(BucketBounds.exponential(-3, 0)).isEqualTo(0.125);
    }
}
