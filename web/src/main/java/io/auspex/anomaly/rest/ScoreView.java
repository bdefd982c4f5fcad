package io.auspex.anomaly.rest;

import io.auspex.anomaly.Score;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The judgement of one sample as the API shows it.
 *
 * @param score nines: minus the decadic logarithm of the probability of a sample as odd
 * @param detector the member that raised the score most
 * @param explanation one sentence, for points at or over the threshold only
 * @param parts what each member said, for points at or over the threshold only
 */
public record ScoreView(
        String time,
        double value,
        double score,
        @Nullable Double expected,
        @Nullable Double lower,
        @Nullable Double upper,
        String season,
        String detector,
        @Nullable String explanation,
        @Nullable List<Part> parts) {
    /** What one member said. */
    public record Part(String detector, double score) {}

    static ScoreView of(Score score, boolean explained) {
        return new ScoreView(
                Instant.ofEpochMilli(score.epochMillis()).toString(),
                score.observed(),
                score.score(),
                finite(score.expected()),
                finite(score.lower()),
                finite(score.upper()),
                score.season().name().toLowerCase(Locale.ROOT),
                score.detector(),
                explained ? score.explanation() : null,
                explained ? parts(score) : null);
    }

    private static List<Part> parts(Score score) {
        return score.parts().stream()
                .map(part -> new Part(part.detector(), part.score()))
                .toList();
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
