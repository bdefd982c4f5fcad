package io.auspex.forecast;

/** The last value plus half of how the series changed at this time one period ago. */
public record SeasonalChange(int period) implements Forecaster {
    private static final double SHARE = 0.5;

    @Override
    public String name() {
        return "seasonal-change-" + period;
    }

    @Override
    public int leastHistory() {
        return period + 1;
    }

    @Override
    public double[] forecast(double[] history, int horizon) {
        int n = history.length;
        double[] result = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            result[h] = history[n - 1] + SHARE * (history[n - period + h % period] - history[n - 1 - period]);
        }
        return result;
    }
}
