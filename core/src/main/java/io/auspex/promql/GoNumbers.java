package io.auspex.promql;

import io.auspex.platform.GoQuote;
import java.math.BigDecimal;

/** Numbers as the reference's implementation language prints them, always with the fewest digits that read back. */
final class GoNumbers {
    private GoNumbers() {}

    static String quote(String text) {
        return GoQuote.string(text);
    }

    /** Without exponent, as {@code count_values} writes values. */
    static String fixed(double value) {
        String special = special(value);
        if (special != null) {
            return special;
        }
        return ShortestDecimal.plain(value);
    }

    /** With an exponent below -4 and from six on, as {@code %g} and {@code %v}. */
    static String general(double value) {
        String special = special(value);
        if (special != null) {
            return special;
        }
        if (value == 0) {
            return fixed(value);
        }
        BigDecimal digits = new BigDecimal(ShortestDecimal.plain(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return digits.toPlainString();
        }
        String unscaled = digits.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(digits.signum() < 0 ? "-" : "").append(unscaled.charAt(0));
        if (unscaled.length() > 1) {
            text.append('.').append(unscaled, 1, unscaled.length());
        }
        int magnitude = Math.abs(exponent);
        return text.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(magnitude < 10 ? "0" : "")
                .append(magnitude)
                .toString();
    }

    private static @org.jspecify.annotations.Nullable String special(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return null;
    }
}
