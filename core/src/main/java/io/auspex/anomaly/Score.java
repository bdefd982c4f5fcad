package io.auspex.anomaly;

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

    public Score {
        parts = List.copyOf(parts);
    }

    /** What one member of a detector said of the sample. */
    public record Part(String detector, double score) {}

    /** The member that raised the score most, {@code none} while there is too little history. */
    public String detector() {
        return parts.isEmpty() ? "none" : parts.get(0).detector();
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
        return String.format(
                Locale.ROOT,
                "observed %.4g, expected %.4g (band %.4g to %.4g, %s); %s gives odds of 1 in %.3g",
                observed,
                expected,
                lower,
                upper,
                rhythm,
                detector(),
                Math.pow(10, score));
    }
}
