package io.auspex.anomaly;

/** The length of the strongest repetition in a run of values, in samples, by autocorrelation. */
public final class Periodicity {
    private static final int SHORTEST = 4;

    private Periodicity() {}

    /**
     * The lag of the highest local maximum of the autocorrelation, between 4 and a limit; 0 when no lag repeats.
     *
     * @param least the correlation that a lag must have at least to count
     */
    public static int find(double[] values, int from, int to, int longest, double least) {
        int n = to - from;
        int lags = Math.min(longest + 1, n / 2);
        if (lags <= SHORTEST) {
            return 0;
        }
        double mean = 0;
        for (int i = from; i < to; i++) {
            mean += values[i] / n;
        }
        double[] correlation = new double[lags + 1];
        for (int lag = 0; lag <= lags; lag++) {
            double sum = 0;
            for (int i = from + lag; i < to; i++) {
                sum += (values[i] - mean) * (values[i - lag] - mean);
            }
            correlation[lag] = sum;
        }
        int best = 0;
        for (int lag = SHORTEST; lag < lags; lag++) {
            if (correlation[lag] > correlation[lag - 1]
                    && correlation[lag] > correlation[lag + 1]
                    && correlation[lag] > least * correlation[0]
                    && (best == 0 || correlation[lag] > correlation[best])) {
                best = lag;
            }
        }
        return best;
    }
}
