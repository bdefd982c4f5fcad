package io.auspex.forecast;

/** Goes on from the last value at the mean pace of the recent past. */
public record Drift(int lookBack) implements Forecaster {
    @Override
    public String name() {
        return "drift";
    }

    @Override
    public int leastHistory() {
        return 2;
    }

    @Override
    public double[] forecast(double[] history, int horizon) {
        int n = history.length;
        int used = Math.min(lookBack, n - 1);
        double pace = (history[n - 1] - history[n - 1 - used]) / used;
        double[] result = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            result[h] = history[n - 1] + pace * (h + 1);
        }
        return result;
    }
}
