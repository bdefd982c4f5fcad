package io.auspex.forecast;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * Linear regression on the last values and on those around whole periods ago, with a penalty on large weights, in
 * a space where the series is tamer.
 *
 * <p>Forecasts step by step from its own forecasts, which are kept inside the range of the history plus a margin.
 */
public final class RidgeAutoregression implements Forecaster {
    /** The space in which the regression is fitted; those for non-negative series fall back to raw on others. */
    public enum Space {
        RAW,
        SQUARE_ROOT,
        LOG
    }

    /** Share of the mean diagonal that is added to it. */
    private static final double PENALTY = 1e-2;

    private static final double MARGIN = 0.25;
    private static final int NEAR_LAGS = 24;
    private static final int PERIODS_BACK = 7;
    private static final int MOST_ROWS = 2000;

    private final String name;
    private final Space space;
    private final int period;
    private final boolean differences;

    /**
     * @param period samples in a period, 1 for none
     * @param differences whether changes from period to period are regressed instead of values
     */
    public RidgeAutoregression(Space space, int period, boolean differences) {
        this.space = space;
        this.period = period;
        this.differences = differences;
        String suffix = space.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        this.name = (differences ? "ridge-change-" : "ridge-") + suffix;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int leastHistory() {
        return 20 + (differences ? period : 0);
    }

    @Override
    public double[] forecast(double[] history, int horizon) {
        boolean nonNegative = Arrays.stream(history).allMatch(v -> v >= 0);
        Space used = nonNegative ? space : Space.RAW;
        double[] series = Arrays.stream(history).map(v -> into(used, v)).toArray();
        double lowest = Arrays.stream(series).min().orElseThrow();
        double highest = Arrays.stream(series).max().orElseThrow();
        double margin = MARGIN * (highest - lowest);
        int lag = differences ? period : 0;
        double[] target = lag == 0 ? series : changes(series, lag);
        int[] lags = lags(target.length);
        double[] weights = fit(target, lags);
        double[] extended = Arrays.copyOf(target, target.length + horizon);
        double[] whole = Arrays.copyOf(series, series.length + horizon);
        double[] result = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            int at = target.length + h;
            double next = weights[lags.length];
            for (int l = 0; l < lags.length; l++) {
                next += weights[l] * extended[at - lags[l]];
            }
            double value = lag == 0 ? next : next + whole[series.length + h - lag];
            value = Math.max(lowest - margin, Math.min(highest + margin, value));
            whole[series.length + h] = value;
            extended[at] = lag == 0 ? value : value - whole[series.length + h - lag];
            result[h] = outOf(used, value);
        }
        return result;
    }

    private static double[] changes(double[] series, int lag) {
        double[] changes = new double[series.length - lag];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = series[i + lag] - series[i];
        }
        return changes;
    }

    /** As many lags as the history can bear: three rows at least for each. */
    private int[] lags(int n) {
        TreeSet<Integer> lags = new TreeSet<>();
        for (int l = 1; l <= Math.min(NEAR_LAGS, n / 5); l++) {
            lags.add(l);
        }
        for (int p = 1; p <= PERIODS_BACK && period > 1; p++) {
            for (int around = -1; around <= 1; around++) {
                int l = p * period + around;
                if (l > 0 && n - l >= Math.max(2 * period, 3 * (lags.size() + 1))) {
                    lags.add(l);
                }
            }
        }
        return lags.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The weights of the lags, and the intercept as the last. */
    private static double[] fit(double[] series, int[] lags) {
        int n = series.length;
        int k = lags.length;
        int first = Math.max(lags[k - 1], n - MOST_ROWS);
        int rows = n - first;
        double[] means = new double[k + 1];
        for (int i = first; i < n; i++) {
            means[k] += series[i] / rows;
            for (int l = 0; l < k; l++) {
                means[l] += series[i - lags[l]] / rows;
            }
        }
        double[][] gram = new double[k][k];
        double[] right = new double[k];
        double[] row = new double[k];
        for (int i = first; i < n; i++) {
            double y = series[i] - means[k];
            for (int l = 0; l < k; l++) {
                row[l] = series[i - lags[l]] - means[l];
            }
            for (int a = 0; a < k; a++) {
                double x = row[a];
                double[] line = gram[a];
                for (int b = 0; b <= a; b++) {
                    line[b] += x * row[b];
                }
                right[a] += x * y;
            }
        }
        double diagonal = 0;
        for (int a = 0; a < k; a++) {
            diagonal += gram[a][a] / k;
        }
        for (int a = 0; a < k; a++) {
            gram[a][a] += PENALTY * diagonal + 1e-12;
        }
        double[] weights = Arrays.copyOf(Cholesky.solve(gram, right), k + 1);
        weights[k] = means[k];
        for (int l = 0; l < k; l++) {
            weights[k] -= weights[l] * means[l];
        }
        return weights;
    }

    private static double into(Space space, double value) {
        return switch (space) {
            case RAW -> value;
            case SQUARE_ROOT -> Math.sqrt(value);
            case LOG -> Math.log1p(value);
        };
    }

    private static double outOf(Space space, double value) {
        return switch (space) {
            case RAW -> value;
            case SQUARE_ROOT -> Math.max(0, value) * Math.max(0, value);
            case LOG -> Math.expm1(value);
        };
    }
}
