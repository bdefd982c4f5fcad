package io.auspex.promql;

import io.auspex.promql.OverTimeFunctions.FloatKernel;

/** {@code deriv}, {@code predict_linear} and {@code double_exponential_smoothing}. */
final class RegressionFunctions {
    private RegressionFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.range("deriv", Derivative::new);
        builder.range("predict_linear", Prediction::new);
        builder.range("double_exponential_smoothing", Smoothing::new);
    }

    /** Least squares over a window, with compensated sums; a constant series has exactly no slope. */
    private static final class Line {
        private final Kahan sumX = new Kahan();
        private final Kahan sumY = new Kahan();
        private final Kahan sumXY = new Kahan();
        private final Kahan sumX2 = new Kahan();
        double slope;
        double intercept;

        void fit(Window window, long interceptMillis) {
            double[] values = window.floats();
            long[] times = window.floatTimes();
            int from = window.floatFrom();
            int to = window.floatTo();
            sumX.reset(0);
            sumY.reset(0);
            sumXY.reset(0);
            sumX2.reset(0);
            double first = values[from];
            boolean constant = true;
            for (int i = from; i < to; i++) {
                double y = values[i];
                constant &= i == from || y == first;
                double x = (times[i] - interceptMillis) / 1e3;
                sumX.add(x);
                sumY.add(y);
                sumXY.add(x * y);
                sumX2.add(x * x);
            }
            if (constant) {
                slope = Double.isInfinite(first) ? Double.NaN : 0;
                intercept = Double.isInfinite(first) ? Double.NaN : first;
                return;
            }
            double n = to - from;
            double x = sumX.total();
            double y = sumY.total();
            double covariance = sumXY.total() - x * y / n;
            double variance = sumX2.total() - x * x / n;
            slope = covariance / variance;
            intercept = y / n - slope * x / n;
        }
    }

    private static final class Derivative extends FloatKernel {
        private final Line line = new Line();

        Derivative(FunctionCall call) {
            super(call);
        }

        @Override
        int fewest() {
            return 2;
        }

        @Override
        double value(Window window, int step) {
            line.fit(window, window.floatTime(0));
            return line.slope;
        }
    }

    private static final class Prediction extends FloatKernel {
        private final double[] ahead;
        private final Line line = new Line();

        Prediction(FunctionCall call) {
            super(call);
            this.ahead = call.scalar(1);
        }

        @Override
        int fewest() {
            return 2;
        }

        @Override
        double value(Window window, int step) {
            line.fit(window, window.evaluationTime());
            return line.slope * ahead[step] + line.intercept;
        }
    }

    /** Holt's linear method: a level and a trend, each smoothed exponentially. */
    private static final class Smoothing extends FloatKernel {
        private final double[] levels;
        private final double[] trends;

        Smoothing(FunctionCall call) {
            super(call);
            this.levels = call.scalar(1);
            this.trends = call.scalar(2);
        }

        @Override
        int fewest() {
            return 2;
        }

        @Override
        double value(Window window, int step) {
            double level = factor("smoothing", "sf", levels[step]);
            double trendFactor = factor("trend", "tf", trends[step]);
            double[] values = window.floats();
            int from = window.floatFrom();
            double before = 0;
            double smoothed = values[from];
            double trend = values[from + 1] - values[from];
            for (int i = from + 1; i < window.floatTo(); i++) {
                double x = level * values[i];
                if (i > from + 1) {
                    trend = trendFactor * (smoothed - before) + (1 - trendFactor) * trend;
                }
                double y = (1 - level) * (smoothed + trend);
                before = smoothed;
                smoothed = x + y;
            }
            return smoothed;
        }

        private static double factor(String name, String symbol, double value) {
            if (value <= 0 || value >= 1) {
                throw QueryException.execution(String.format(
                        java.util.Locale.ROOT,
                        "invalid %s factor. Expected: 0 < %s < 1, got: %f",
                        name,
                        symbol,
                        value));
            }
            return value;
        }
    }
}
