package io.auspex.forecast;

/** Repeats the mean of the last periods, moved to the level of the last one by half the difference. */
public record PeriodMean(int period, int periods) implements Forecaster {
    private static final double LEVEL_SHARE = 0.5;

    @Override
    public String name() {
        return "mean-of-" + periods + "-periods-" + period;
    }

    @Override
    public int leastHistory() {
        return 2 * period;
    }

    @Override
    public double[] forecast(double[] history, int horizon) {
        int used = Math.min(periods, history.length / period);
        double[] profile = new double[period];
        int start = history.length - used * period;
        for (int i = start; i < history.length; i++) {
            profile[(i - start) % period] += history[i] / used;
        }
        double level = 0;
        for (int i = 0; i < period; i++) {
            level += (history[history.length - period + i] - profile[i]) / period;
        }
        double[] result = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            result[h] = profile[h % period] + LEVEL_SHARE * level;
        }
        return result;
    }
}
