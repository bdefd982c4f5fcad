package io.auspex.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Judges a series that is at hand as a whole, as strictly as if its samples had come one by one. */
public final class BatchDetection {
    private BatchDetection() {}

    /**
     * The judgement of each sample from an index on.
     *
     * <p>The baseline goes through all samples. The neighbours learn the samples before {@code trainedUntil} and judge
     * those from there on; without enough of them, the baseline is alone.
     *
     * @param epochMillis ascending
     * @param from the first sample whose judgement is wanted
     * @param trainedUntil how many samples the neighbours may learn from, at most {@code from} for a series with
     *     history before the wanted range
     */
    public static List<Score> judge(
            long[] epochMillis, double[] values, int from, int trainedUntil, DetectorRule.Method method) {
        SeasonalBaseline baseline = new SeasonalBaseline();
        List<Score> scores = new ArrayList<>(values.length - from);
        Detector detector = baseline;
        for (int i = 0; i < values.length; i++) {
            if (i == trainedUntil && i >= Detectors.LEAST_HISTORY && method == DetectorRule.Method.ENSEMBLE) {
                WindowBank bank = WindowBank.train(Arrays.copyOf(values, i), Detectors.LIVE_BANK_POINTS);
                detector = Detectors.ensemble(baseline, NeighbourDetector.of(bank));
            }
            Score score = detector.update(epochMillis[i], values[i]);
            if (i >= from) {
                scores.add(score);
            }
        }
        return scores;
    }
}
