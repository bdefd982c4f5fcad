package io.auspex.forecast;

/** Repeats the last period; with a period of 1 the last value. */
public record SeasonalNaive(int period) implements Forecaster {
    public SeasonalNaive {
        if (period < 1) {
            throw new IllegalArgumentException("period must be positive, got " + period);
        }
    }

    @Override
    public String name() {
        return period == 1 ? "naive" : "seasonal-naive-" + period;
    }

    @Override
    public int leastHistory() {
        return period;
    }

    @Override
    public double[] forecast(double[] history, int horizon) {
        double[] result = new double[horizon];
        int start = history.length - period;
        for (int h = 0; h < horizon; h++) {
            result[h] = history[start + h % period];
        }
        return result;
    }
}
