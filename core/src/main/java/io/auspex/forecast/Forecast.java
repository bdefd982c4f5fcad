package io.auspex.forecast;

import java.util.List;

/**
 * What is expected of the next steps of a series.
 *
 * @param median the middle expectation of each step
 * @param lower80 with {@code upper80} the band that holds four of five values
 * @param lower95 with {@code upper95} the band that holds nineteen of twenty
 * @param weights the members by weight, the heaviest first; they sum to 1
 * @param backTestMase the pool's mean absolute error at the past origins, in mean absolute changes of the history
 *     from period to period; NaN for a history that never changes
 * @param naiveMase the same for repeating the last period
 * @param origins how many past origins were tried
 */
public record Forecast(
        double[] median,
        double[] lower80,
        double[] upper80,
        double[] lower95,
        double[] upper95,
        List<Weight> weights,
        double backTestMase,
        double naiveMase,
        int origins) {
    public Forecast {
        weights = List.copyOf(weights);
    }

    /** How much a member counts. */
    public record Weight(String forecaster, double share, double backTestError) {}

    /** The member that counts most. */
    public String leader() {
        return weights.get(0).forecaster();
    }
}
