package io.auspex.anomaly;

import java.util.Arrays;

/** Statistics that a few wild values do not move. */
final class Robust {
    /** Makes the median absolute deviation of Gaussian data its standard deviation. */
    static final double MAD_TO_SIGMA = 1.4826;

    private Robust() {}

    /** The median of the first n values, which are reordered; NaN for none. */
    static double median(double[] values, int n) {
        return quantile(values, n, 0.5);
    }

    /** A quantile of the first n values by linear interpolation; they are reordered; NaN for none. */
    static double quantile(double[] values, int n, double q) {
        if (n == 0) {
            return Double.NaN;
        }
        Arrays.sort(values, 0, n);
        double position = q * (n - 1);
        int below = (int) position;
        int above = Math.min(below + 1, n - 1);
        return values[below] + (position - below) * (values[above] - values[below]);
    }

    /** The deviation of the first n values around a centre, by the median of distances; values are not changed. */
    static double deviation(double[] values, int n, double centre) {
        double[] distances = new double[n];
        for (int i = 0; i < n; i++) {
            distances[i] = Math.abs(values[i] - centre);
        }
        return MAD_TO_SIGMA * median(distances, n);
    }

    /** The smallest deviation that is believed at a level: numbers of metrics carry no more digits than that. */
    static double floor(double level) {
        return 1e-4 * Math.abs(level) + 1e-12;
    }
}
