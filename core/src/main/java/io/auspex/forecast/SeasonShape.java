package io.auspex.forecast;

import java.util.Arrays;

/**
 * The shape of one period, as factors where all values are positive, else as differences; taken from the ratios
 * (differences) to a centred moving average, as in classical decomposition.
 */
final class SeasonShape {
    private final int period;
    private final boolean factors;
    private final double[] shape;
    private final int origin;

    private SeasonShape(int period, boolean factors, double[] shape, int origin) {
        this.period = period;
        this.factors = factors;
        this.shape = shape;
        this.origin = origin;
    }

    /** The shape of a history; none when it is shorter than two periods. */
    static SeasonShape of(double[] history, int period) {
        int n = history.length;
        if (period < 2 || n < 2 * period + 1) {
            return new SeasonShape(1, false, new double[1], n);
        }
        boolean factors = Arrays.stream(history).allMatch(v -> v > 0);
        double[] sums = new double[period];
        int[] counts = new int[period];
        double[] total = new double[n + 1];
        for (int i = 0; i < n; i++) {
            total[i + 1] = total[i] + history[i];
        }
        int half = period / 2;
        for (int i = half; i + half < n; i++) {
            double window = total[i + half + (period % 2)] - total[i - half];
            double mean = period % 2 == 1
                    ? window / period
                    : (window + 0.5 * (history[i + half] - history[i - half])) / period;
            sums[i % period] += factors ? history[i] / mean : history[i] - mean;
            counts[i % period]++;
        }
        double middle = 0;
        for (int p = 0; p < period; p++) {
            sums[p] /= Math.max(1, counts[p]);
            middle += sums[p] / period;
        }
        for (int p = 0; p < period; p++) {
            sums[p] = factors ? sums[p] / middle : sums[p] - middle;
        }
        return new SeasonShape(period, factors, sums, n);
    }

    double[] remove(double[] history) {
        double[] rest = history.clone();
        for (int i = 0; i < rest.length; i++) {
            rest[i] = factors ? rest[i] / shape[i % period] : rest[i] - shape[i % period];
        }
        return rest;
    }

    double[] restore(double[] forecast) {
        double[] whole = forecast.clone();
        for (int h = 0; h < whole.length; h++) {
            double part = shape[(origin + h) % period];
            whole[h] = factors ? whole[h] * part : whole[h] + part;
        }
        return whole;
    }
}
