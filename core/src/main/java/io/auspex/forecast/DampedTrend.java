package io.auspex.forecast;

/** Exponential smoothing with a damped trend on the deseasoned series (Gardner and McKenzie 1985). */
public record DampedTrend(int period) implements Forecaster {
    private static final double[] ALPHAS = {0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95};
    private static final double[] BETAS = {0, 0.02, 0.1, 0.3};
    private static final double[] DAMPINGS = {0.8, 0.9, 0.98};

    @Override
    public String name() {
        return "damped-trend";
    }

    @Override
    public int leastHistory() {
        return 6;
    }

    @Override
    public double[] forecast(double[] history, int horizon) {
        SeasonShape season = SeasonShape.of(history, period);
        double[] rest = season.remove(history);
        double[] best = {Double.POSITIVE_INFINITY, rest[rest.length - 1], 0, 1};
        for (double alpha : ALPHAS) {
            for (double beta : BETAS) {
                for (double damping : DAMPINGS) {
                    double[] fit = fit(rest, alpha, beta, damping);
                    best = fit[0] < best[0] ? fit : best;
                }
            }
        }
        double[] result = new double[horizon];
        double factor = 0;
        double power = 1;
        for (int h = 0; h < horizon; h++) {
            power *= best[3];
            factor += power;
            result[h] = best[1] + factor * best[2];
        }
        return season.restore(result);
    }

    /** Error, level, trend and damping after the last value. */
    private static double[] fit(double[] values, double alpha, double beta, double damping) {
        double level = values[0];
        double trend = 0;
        double error = 0;
        for (int i = 1; i < values.length; i++) {
            double expected = level + damping * trend;
            double residual = values[i] - expected;
            error += Math.abs(residual);
            level = expected + alpha * residual;
            trend = damping * trend + beta * residual;
        }
        return new double[] {error, level, trend, damping};
    }
}
