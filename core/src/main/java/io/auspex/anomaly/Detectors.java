package io.auspex.anomaly;

import java.util.List;

/** The detectors that can be chosen, by their names, and back from their saved states. */
public final class Detectors {
    /** Baseline and neighbours together; needs history to learn from. */
    public static final String ENSEMBLE = "ensemble";

    /** The seasonal baseline alone; starts from nothing. */
    public static final String BASELINE = "baseline";

    /** History kept for a series that is judged as it comes: 1 024 points, about 30 kB in memory. */
    public static final int LIVE_BANK_POINTS = 1024;

    /** The fewest samples of history from which windows can be learned. */
    public static final int LEAST_HISTORY = 256;

    /** A point is judged alone where the neighbours judge windows, so it is odd more often. */
    private static final double BASELINE_HANDICAP = 1;

    private Detectors() {}

    /**
     * A detector that has learned a history in order of time and goes on after it.
     *
     * <p>With fewer than {@link #LEAST_HISTORY} samples it is the baseline alone.
     *
     * @param bankPoints how much history the neighbours keep
     */
    public static Detector trained(long[] epochMillis, double[] values, int bankPoints) {
        SeasonalBaseline baseline = new SeasonalBaseline();
        for (int i = 0; i < values.length; i++) {
            baseline.update(epochMillis[i], values[i]);
        }
        if (values.length < LEAST_HISTORY) {
            return baseline;
        }
        WindowBank bank = WindowBank.train(values, bankPoints);
        return ensemble(baseline, NeighbourDetector.of(bank));
    }

    /** Baseline and neighbours, the baseline with a nine less. */
    static Detector ensemble(SeasonalBaseline baseline, NeighbourDetector neighbours) {
        return new EnsembleDetector(List.of(
                new EnsembleDetector.Member(baseline, BASELINE_HANDICAP), new EnsembleDetector.Member(neighbours, 0)));
    }

    /** The detector whose {@link Detector#save} gave these bytes; refuses damaged bytes. */
    public static Detector restore(byte[] state) {
        char kind = SealedBytes.kind(state);
        return switch (kind) {
            case SeasonalBaseline.KIND -> SeasonalBaseline.restore(state);
            case NeighbourDetector.KIND -> NeighbourDetector.restore(state);
            case EnsembleDetector.KIND -> EnsembleDetector.restore(state);
            default -> throw new IllegalArgumentException("unknown kind of detector state: " + kind);
        };
    }
}
