package io.auspex.promql;

import static io.auspex.support.Seeded.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShortestDecimalTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "-0.0, -0, -0",
        "1, 1, 1",
        "-1.5, -1.5, -1.5",
        "0.1, 0.1, 0.1",
        "123456789, 123456789, 123456789",
        "0.000001, 0.000001, 0.000001",
        "0.0000001, 0.0000001, 1e-07",
        "1e20, 100000000000000000000, 100000000000000000000",
        "1e21, 1000000000000000000000, 1e+21",
        "2e-3, 0.002, 0.002",
        "9007199254740993, 9007199254740992, 9007199254740992",
        "NaN, NaN, NaN",
        "Infinity, +Inf, +Inf",
        "-Infinity, -Inf, -Inf"
    })
    void text_isThatOfTheReference(double value, String plain, String json) {
        assertThat(ShortestDecimal.plain(value)).isEqualTo(plain);
        assertThat(ShortestDecimal.json(value)).isEqualTo(json);
    }

    @Test
    void text_isShortest_forTheSmallest() {
        assertThat(ShortestDecimal.json(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(ShortestDecimal.json(2 * Double.MIN_VALUE)).isEqualTo("1e-323");
        assertThat(ShortestDecimal.json(20 * Double.MIN_VALUE)).isEqualTo("1e-322");
        assertThat(ShortestDecimal.json(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e+308");
        assertThat(ShortestDecimal.json(2e23)).isEqualTo("2e+23");
        assertThat(ShortestDecimal.json(Math.scalb(1.0, -1022))).isEqualTo("2.2250738585072014e-308");
    }

    @Test
    void plain_writesEveryZero() {
        assertThat(ShortestDecimal.plain(1.5e300)).isEqualTo("15" + "0".repeat(299));
        assertThat(ShortestDecimal.plain(-1.5e-300)).isEqualTo("-0." + "0".repeat(299) + "15");
    }

    @Test
    void text_readsBack_andNoShorterOneDoes() {
        forAll(random -> {
            for (int i = 0; i < 50; i++) {
                double value = any(random);
                String json = ShortestDecimal.json(value);
                assertThat(Double.parseDouble(json)).isEqualTo(value);
                assertThat(Double.parseDouble(ShortestDecimal.plain(value))).isEqualTo(value);
                BigDecimal digits = new BigDecimal(json).stripTrailingZeros();
                assertThat(digits.precision()).isEqualTo(fewestDigits(value));
            }
        });
    }

    private static double any(RandomGenerator random) {
        double value = switch (random.nextInt(4)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(1_000_000) / 1000.0;
            case 2 -> Math.scalb(1.0, random.nextInt(-1074, 1023));
            default -> random.nextDouble();
        };
        return Double.isFinite(value) && value != 0 ? value : 1;
    }

    private static int fewestDigits(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < 17; digits++) {
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.FLOOR, RoundingMode.CEILING}) {
                BigDecimal rounded = exact.round(new MathContext(digits, mode));
                if (rounded.doubleValue() == value) {
                    return rounded.stripTrailingZeros().precision();
                }
            }
        }
        return 17;
    }
}
