package io.auspex.forecast;

/**
 * The Theta method on the deseasoned series: simple exponential smoothing with half the linear trend as drift
 * (Assimakopoulos and Nikolopoulos 2000; Hyndman and Billah 2003).
 */
public record Theta(int period) implements Forecaster {
    @Override
    public String name() {
        return "theta";
    }

    @Override
    public int leastHistory() {
        return 6;
    }

    @Override
    public double[] forecast(double[] history, int horizon) {
        SeasonShape season = SeasonShape.of(history, period);
        double[] rest = season.remove(history);
        int n = rest.length;
        double drift = slope(rest) / 2;
        double bestError = Double.POSITIVE_INFINITY;
        double bestLevel = rest[n - 1];
        double bestAlpha = 1;
        for (int a = 1; a <= 20; a++) {
            double alpha = a / 20.0;
            double level = rest[0];
            double error = 0;
            for (int i = 1; i < n; i++) {
                double residual = rest[i] - level;
                error += residual * residual;
                level += alpha * residual;
            }
            if (error < bestError) {
                bestError = error;
                bestLevel = level;
                bestAlpha = alpha;
            }
        }
        double[] result = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            result[h] = bestLevel + drift * (h + (1 - Math.pow(1 - bestAlpha, n)) / bestAlpha);
        }
        return season.restore(result);
    }

    private static double slope(double[] values) {
        int n = values.length;
        double middle = (n - 1) / 2.0;
        double above = 0;
        double below = 0;
        for (int i = 0; i < n; i++) {
            above += (i - middle) * values[i];
            below += (i - middle) * (i - middle);
        }
        return above / below;
    }
}
