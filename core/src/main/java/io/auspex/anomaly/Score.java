package io.auspex.anomaly;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/**
 * The judgement of one sample.
 *
 * @param score minus the decadic logarithm of the probability of a sample as odd as this one, between 0 and
 *     {@link #MAX}; 0 while there is too little history
 * @param expected the value that was expected, NaN while there is too little history
 * @param lower the lower edge of the band that holds all but about 3 of 1000 samples, NaN like {@code expected}
 * @param upper the upper edge of that band
 * @param season the rhythm on which the expectation rests
 * @param parts what each member said, the strongest first
 */
public record Score(
        long epochMillis,
        double observed,
        double score,
        double expected,
        double lower,
        double upper,
        Season season,
        List<Part> parts) {
    /** The highest score; beyond it a difference has no meaning. */
    public static final double MAX = 30;

    /** Nobody can tell one in a million from one in a billion. */
    private static final double SAID_AT_MOST = 6;

    public Score {
        parts = List.copyOf(parts);
    }

    /** What one member of a detector said of the sample. */
    public record Part(String detector, double score) {}

    /** The member that raised the score most, {@code none} while there is too little history. */
    public String detector() {
        return parts.isEmpty() ? "none" : parts.get(0).detector();
    }

    /** The same judgement with a score, of the whole and of its parts, that is not over a limit. */
    public Score limitedTo(double most) {
        if (score <= most) {
            return this;
        }
        List<Part> limited = parts.stream()
                .map(part -> new Part(part.detector(), Math.min(part.score(), most)))
                .toList();
        return new Score(epochMillis, observed, most, expected, lower, upper, season, limited);
    }

    /** Where the sample lies against the band: 1 above, -1 below, 0 inside or where nothing was expected. */
    public int side() {
        return observed > upper ? 1 : observed < lower ? -1 : 0;
    }

    /** One sentence for people: observed, expected, band, season and the member that decided. */
    public String explanation() {
        if (Double.isNaN(expected)) {
            return "not enough history yet to expect anything";
        }
        String rhythm = switch (season) {
            case NONE -> "no season";
            case DAILY -> "daily season";
            case WEEKLY -> "weekly season";
        };
        return "observed " + number(observed) + ", expected " + number(expected) + " (band " + number(lower) + " to "
                + number(upper) + ", " + rhythm + "); by " + detector() + ", as odd as this is less than one sample in "
                + number(Math.pow(10, Math.floor(Math.min(score, SAID_AT_MOST))));
    }

    /** Four significant digits, without an exponent where people read it easily. */
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size < 1e-4 || size >= 1e15) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        return new BigDecimal(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }
}
