package io.auspex.promql;

import io.auspex.histogram.HistogramSum;
import io.auspex.histogram.Mismatch;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;

/** Aggregations of one series over the time of a window. */
final class OverTimeFunctions {
    private OverTimeFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.range("count_over_time", call -> (window, step, result) -> result.set(step, window.sampleCount()));
        builder.range("present_over_time", call -> (window, step, result) -> result.set(step, 1));
        builder.range("last_over_time", new LastSample());
        builder.range("ts_of_last_over_time", call -> OverTimeFunctions::lastTime);
        builder.range("sum_over_time", call -> new Total(call, false));
        builder.range("avg_over_time", call -> new Total(call, true));
        builder.range("max_over_time", call -> new Extreme(call, true, false));
        builder.range("min_over_time", call -> new Extreme(call, false, false));
        builder.range("ts_of_max_over_time", call -> new Extreme(call, true, true));
        builder.range("ts_of_min_over_time", call -> new Extreme(call, false, true));
        builder.range("stdvar_over_time", call -> new Variance(call, false));
        builder.range("stddev_over_time", call -> new Variance(call, true));
        builder.range("quantile_over_time", QuantileOverTime::new);
        builder.range("mad_over_time", MedianDeviation::new);
    }

    /** {@code last_over_time} acts like an offset, so its result still is the metric. */
    private static final class LastSample implements RangeFunction {
        @Override
        public RangeKernel open(FunctionCall call) {
            return (window, step, result) -> {
                int floats = window.floatCount();
                int histograms = window.histogramCount();
                boolean isFloat = histograms == 0
                        || (floats > 0 && window.histogramTime(histograms - 1) < window.floatTime(floats - 1));
                if (isFloat) {
                    result.set(step, window.value(floats - 1));
                } else {
                    result.set(step, window.histogram(histograms - 1));
                }
            };
        }

        @Override
        public boolean keepsName() {
            return true;
        }
    }

    private static void lastTime(Window window, int step, SeriesColumn result) {
        long last = 0;
        if (window.floatCount() > 0) {
            last = window.floatTime(window.floatCount() - 1);
        }
        if (window.histogramCount() > 0) {
            last = Math.max(last, window.histogramTime(window.histogramCount() - 1));
        }
        result.set(step, last / 1000.0);
    }

    /** A kernel that looks at floats and notes that it left out histograms. */
    abstract static class FloatKernel implements RangeKernel {
        private final Annotations annotations;
        private final Position position;
        private String metric = "";

        FloatKernel(FunctionCall call) {
            this.annotations = call.annotations();
            this.position = call.position(0);
        }

        @Override
        public void begin(Labels labels, Window window) {
            metric = labels.metric();
        }

        @Override
        public final void apply(Window window, int step, SeriesColumn result) {
            if (window.floatCount() < fewest()) {
                if (window.floatCount() > 0 && window.histogramCount() > 0) {
                    annotations.histogramsIgnoredInRange(metric, position);
                }
                return;
            }
            if (window.histogramCount() > 0) {
                annotations.histogramsIgnoredInRange(metric, position);
            }
            result.set(step, value(window, step));
        }

        /** How many floats are needed for an answer. */
        int fewest() {
            return 1;
        }

        abstract double value(Window window, int step);
    }

    /**
     * Sum or mean. The order of additions decides the last bits of a compensated sum, so each window is added
     * up anew.
     */
    private static final class Total implements RangeKernel {
        private final Annotations annotations;
        private final Position position;
        private final boolean mean;
        private final Kahan kahan = new Kahan();
        private String metric = "";

        Total(FunctionCall call, boolean mean) {
            this.annotations = call.annotations();
            this.position = call.position(0);
            this.mean = mean;
        }

        @Override
        public void begin(Labels labels, Window window) {
            metric = labels.metric();
        }

        @Override
        public void apply(Window window, int step, SeriesColumn result) {
            if (window.floatCount() > 0 && window.histogramCount() > 0) {
                annotations.mixedFloatsAndHistograms(metric, position);
            } else if (mean && window.isCounted()) {
                double total = sum(window.floats(), window.floatFrom(), window.floatTo());
                result.set(step, total / window.sampleCount());
            } else if (window.floatCount() > 0) {
                result.set(
                        step,
                        mean
                                ? mean(window.floats(), window.floatFrom(), window.floatTo())
                                : sum(window.floats(), window.floatFrom(), window.floatTo()));
            } else {
                HistogramSum total = HistogramSum.of(window.histogram(0));
                Mismatch mismatch = mean ? averageInto(total, window) : sumInto(total, window);
                if (RateFunctions.noted(annotations, mismatch, metric, position)) {
                    result.set(step, total.toHistogram());
                }
            }
        }

        private double sum(double[] values, int from, int to) {
            kahan.reset(0);
            for (int i = from; i < to; i++) {
                kahan.add(values[i]);
            }
            return Double.isInfinite(kahan.sum) ? kahan.sum : kahan.total();
        }

        /** The sum over the count, or, where the sum would overflow, the mean adjusted value by value. */
        private double mean(double[] values, int from, int to) {
            double sum = values[from];
            double error = 0;
            int i = from + 1;
            for (; i < to; i++) {
                double next = sum + values[i];
                if (Double.isInfinite(next)) {
                    return incrementalMean(values, from, i, to, sum, error);
                }
                error = Kahan.error(sum, error, values[i], next);
                sum = next;
            }
            double count = to - from;
            return sum / count + error / count;
        }

        private double incrementalMean(double[] values, int from, int at, int to, double sum, double error) {
            double before = at - from;
            kahan.sum = sum / before;
            kahan.error = error / before;
            for (int i = at; i < to; i++) {
                double count = i - from + 1.0;
                double keep = (count - 1) / count;
                kahan.sum *= keep;
                kahan.error *= keep;
                kahan.add(values[i] / count);
            }
            return kahan.total();
        }

        private static Mismatch sumInto(HistogramSum total, Window window) {
            Mismatch mismatch = Mismatch.NONE;
            for (int i = 1; i < window.histogramCount() && mismatch == Mismatch.NONE; i++) {
                mismatch = total.add(window.histogram(i));
            }
            return mismatch;
        }

        private static Mismatch averageInto(HistogramSum mean, Window window) {
            Mismatch mismatch = Mismatch.NONE;
            for (int i = 1; i < window.histogramCount() && mismatch == Mismatch.NONE; i++) {
                mismatch = average(mean, window.histogram(i), i + 1.0);
            }
            return mismatch;
        }
    }

    /** Moves a mean of {@code count - 1} histograms towards one more. */
    static Mismatch average(HistogramSum mean, NativeHistogram next, double count) {
        HistogramSum change = HistogramSum.of(next).divide(count);
        Mismatch mismatch = change.subtract(mean.copy().divide(count));
        return mismatch == Mismatch.NONE ? mean.add(change) : mismatch;
    }

    /**
     * Greatest or smallest float, or its time: a queue of candidates slides with the window, so that each sample
     * is looked at once over all steps. NaN counts only when there is nothing else.
     */
    private static final class Extreme extends FloatKernel {
        private final boolean greatest;
        private final boolean time;
        private int[] queue = new int[16];
        private int head;
        private int tail;
        private int seen;

        Extreme(FunctionCall call, boolean greatest, boolean time) {
            super(call);
            this.greatest = greatest;
            this.time = time;
        }

        @Override
        public void begin(Labels labels, Window window) {
            super.begin(labels, window);
            head = 0;
            tail = 0;
            seen = 0;
            if (queue.length < window.floatTotal()) {
                queue = new int[window.floatTotal()];
            }
        }

        @Override
        double value(Window window, int step) {
            double[] values = window.floats();
            int from = window.floatFrom();
            for (int i = Math.max(seen, from); i < window.floatTo(); i++) {
                enqueue(values, i);
            }
            seen = window.floatTo();
            while (head < tail && queue[head] < from) {
                head++;
            }
            int found = head < tail ? queue[head] : window.floatTo() - 1;
            return time ? window.floatTimes()[found] / 1000.0 : values[found];
        }

        /** Of equal values the first one answers, but the time of an extreme is that of the last. */
        private void enqueue(double[] values, int i) {
            double value = values[i];
            if (Double.isNaN(value)) {
                return;
            }
            while (head < tail && beats(value, values[queue[tail - 1]])) {
                tail--;
            }
            if (head == tail) {
                head = 0;
                tail = 0;
            }
            queue[tail++] = i;
        }

        private boolean beats(double value, double other) {
            if (time && value == other) {
                return true;
            }
            return greatest ? value > other : value < other;
        }
    }

    private static final class Variance extends FloatKernel {
        private final boolean root;
        private final Kahan mean = new Kahan();
        private final Kahan squares = new Kahan();

        Variance(FunctionCall call, boolean root) {
            super(call);
            this.root = root;
        }

        @Override
        double value(Window window, int step) {
            mean.reset(0);
            squares.reset(0);
            double[] values = window.floats();
            double count = 0;
            for (int i = window.floatFrom(); i < window.floatTo(); i++) {
                count++;
                double delta = values[i] - mean.total();
                mean.add(delta / count);
                squares.add(delta * (values[i] - mean.total()));
            }
            double variance = squares.total() / count;
            return root ? Math.sqrt(variance) : variance;
        }
    }

    private static final class QuantileOverTime extends FloatKernel {
        private final double[] q;
        private final FunctionCall call;
        private final Quantile quantile = new Quantile();

        QuantileOverTime(FunctionCall call) {
            super(call);
            this.q = call.scalar(0);
            this.call = call;
        }

        @Override
        double value(Window window, int step) {
            call.evaluator().run().noteQuantile(q[step], call.position(0));
            quantile.load(window.floats(), window.floatFrom(), window.floatTo());
            return quantile.at(q[step]);
        }
    }

    /** The median of the distances from the median. */
    private static final class MedianDeviation extends FloatKernel {
        private final Quantile quantile = new Quantile();

        MedianDeviation(FunctionCall call) {
            super(call);
        }

        @Override
        double value(Window window, int step) {
            quantile.load(window.floats(), window.floatFrom(), window.floatTo());
            double median = quantile.at(0.5);
            quantile.distancesFrom(median);
            return quantile.at(0.5);
        }
    }
}
