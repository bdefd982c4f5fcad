package io.auspex.promql;

import io.auspex.histogram.HistogramSum;
import io.auspex.histogram.Histograms;
import io.auspex.histogram.Mismatch;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import org.jspecify.annotations.Nullable;

/** {@code rate}, {@code increase}, {@code delta}, {@code irate} and {@code idelta}. */
final class RateFunctions {
    private RateFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.range("rate", call -> new Extrapolated(call, true, true));
        builder.range("increase", call -> new Extrapolated(call, true, false));
        builder.range("delta", call -> new Extrapolated(call, false, false));
        builder.range("irate", call -> new LastTwo(call, true));
        builder.range("idelta", call -> new LastTwo(call, false));
    }

    /**
     * The difference between the ends of a window, corrected for resets of a counter, and extrapolated towards
     * the ends of the range where the samples come close to them.
     *
     * <p>Resets are found once per series, so a step costs as much as there are resets in its window.
     */
    private static final class Extrapolated implements RangeKernel {
        private static final double NO_ZERO_POINT = -1;
        private static final byte UNKNOWN = 0;
        private static final byte NO_RESET = 1;
        private static final byte RESET = 2;

        private final Annotations annotations;
        private final Position position;
        private final boolean counter;
        private final boolean perSecond;
        private final boolean typeLabels;
        private String metric = "";
        private String type = "";
        private int[] resets = new int[16];
        private int resetCount;
        private int firstReset;
        private byte[] histogramResets = new byte[0];
        private double rangeSeconds;

        Extrapolated(FunctionCall call, boolean counter, boolean perSecond) {
            this.annotations = call.annotations();
            this.position = call.position(0);
            this.counter = counter;
            this.perSecond = perSecond;
            this.typeLabels = call.evaluator().run().options().typeAndUnitLabels();
        }

        @Override
        public void begin(Labels labels, Window window) {
            metric = labels.metric();
            type = labels.get(MetricLabels.TYPE);
            resetCount = 0;
            firstReset = 0;
            histogramResets = new byte[window.histogramTotal()];
            rangeSeconds = window.range() / 1000.0;
            if (!counter) {
                return;
            }
            double[] values = window.floats();
            int total = window.floatTotal();
            for (int i = 1; i < total; i++) {
                if (values[i] < values[i - 1]) {
                    if (resetCount == resets.length) {
                        resets = java.util.Arrays.copyOf(resets, resetCount * 2);
                    }
                    resets[resetCount++] = i;
                }
            }
        }

        @Override
        public void apply(Window window, int step, SeriesColumn result) {
            int floats = window.floatCount();
            int histograms = window.histogramCount();
            if (floats > 0 && histograms > 0) {
                annotations.mixedFloatsAndHistograms(metric, position);
            } else if (histograms > 1) {
                histograms(window, step, result);
            } else if (floats > 1) {
                floats(window, window.floatFrom(), window.floatTo() - 1, step, result);
            }
        }

        @Override
        public boolean appliesAtOnce() {
            return true;
        }

        @Override
        public void applyAll(Window window, int[] bounds, SeriesColumn result) {
            for (int step = 0; step < result.slots(); step++) {
                int first = bounds[2 * step];
                int last = bounds[2 * step + 1] - 1;
                if (last > first) {
                    floats(window, first, last, step, result);
                }
            }
        }

        private void floats(Window window, int first, int last, int step, SeriesColumn result) {
            double[] values = window.floats();
            double difference = values[last] - values[first];
            while (firstReset < resetCount && resets[firstReset] <= first) {
                firstReset++;
            }
            for (int i = firstReset; i < resetCount && resets[i] <= last; i++) {
                difference += values[resets[i] - 1];
            }
            long[] times = window.floatTimes();
            result.place(
                    step,
                    difference
                            * factor(
                                    times[first] - window.end(step) + window.range(),
                                    window.end(step) - times[last],
                                    times[last] - times[first],
                                    last - first,
                                    values[first],
                                    difference));
        }

        private void histograms(Window window, int step, SeriesColumn result) {
            HistogramSum difference = difference(window);
            if (difference == null) {
                return;
            }
            int gaps = window.histogramCount() - 1;
            difference.multiply(factor(
                    window.histogramTime(0) - window.start(),
                    window.end() - window.histogramTime(gaps),
                    window.histogramTime(gaps) - window.histogramTime(0),
                    gaps,
                    NO_ZERO_POINT,
                    difference.count()));
            result.set(step, difference.toHistogram());
        }

        /**
         * What the difference is multiplied by, so that it stands for the whole range. A float counter is not
         * extrapolated to below zero; for histograms release 3.5 does not look.
         */
        private double factor(
                long startMillis, long endMillis, long sampledMillis, int gaps, double firstValue, double difference) {
            double toStart = startMillis / 1000.0;
            double toEnd = endMillis / 1000.0;
            double sampled = sampledMillis / 1000.0;
            double average = sampled / gaps;
            double threshold = average * 1.1;
            if (toStart >= threshold) {
                toStart = average / 2;
            }
            // from twice the difference on, zero is further away than the start can be
            if (counter && difference > 0 && firstValue >= 0 && firstValue < 2 * difference) {
                double toZero = sampled * (firstValue / difference);
                if (toZero < toStart) {
                    toStart = toZero;
                }
            }
            if (toEnd >= threshold) {
                toEnd = average / 2;
            }
            double factor = (sampled + toStart + toEnd) / sampled;
            return perSecond ? factor / rangeSeconds : factor;
        }

        private @Nullable HistogramSum difference(Window window) {
            int count = window.histogramCount();
            NativeHistogram first = window.histogram(0);
            NativeHistogram last = window.histogram(count - 1);
            if (counter && (isGauge(first) || isGauge(last))) {
                annotations.notCounter(metric, position);
            }
            NativeHistogram previous = first;
            if (counter && isReset(window, 1)) {
                previous = HistogramSum.emptyLike(window.histogram(1)).toHistogram();
            }
            int schema = Math.min(last.schema(), previous.schema());
            boolean custom = previous.hasCustomBounds();
            if (last.hasCustomBounds() != custom) {
                annotations.mixedSchemas(metric, position);
                return null;
            }
            for (int i = 1; counter && i < count - 1; i++) {
                NativeHistogram current = window.histogram(i);
                if (isGauge(current)) {
                    annotations.notCounter(metric, position);
                }
                schema = Math.min(schema, current.schema());
                if (current.hasCustomBounds() != custom) {
                    annotations.mixedSchemas(metric, position);
                    return null;
                }
            }
            HistogramSum difference = HistogramSum.of(last).reduce(schema);
            if (!fits(difference.subtract(previous))) {
                return null;
            }
            if (counter) {
                for (int i = 2; i < count; i++) {
                    if (isReset(window, i) && !fits(difference.add(window.histogram(i - 1)))) {
                        return null;
                    }
                }
            } else if (!isGauge(first) || !isGauge(last)) {
                annotations.notGauge(metric, position);
            }
            return difference.hint(ResetHint.GAUGE).compact();
        }

        /** Whether there is a reset before a histogram of the window, which is found once per histogram. */
        private boolean isReset(Window window, int index) {
            int absolute = window.histogramFrom() + index;
            if (histogramResets[absolute] == UNKNOWN) {
                boolean reset = Histograms.isReset(window.histogramAt(absolute), window.histogramAt(absolute - 1));
                histogramResets[absolute] = reset ? RESET : NO_RESET;
            }
            return histogramResets[absolute] == RESET;
        }

        private boolean fits(Mismatch mismatch) {
            return noted(annotations, mismatch, metric, position);
        }

        @Override
        public void end(SeriesColumn result) {
            if (!counter || metric.isEmpty() || !hasFloat(result)) {
                return;
            }
            if (typeLabels) {
                if (!type.equals("counter") && !type.equals("histogram")) {
                    annotations.possibleNonCounterType(metric, type, position);
                }
            } else if (!metric.endsWith("_total")
                    && !metric.endsWith("_sum")
                    && !metric.endsWith("_count")
                    && !metric.endsWith("_bucket")) {
                annotations.possibleNonCounter(metric, position);
            }
        }

        private static boolean hasFloat(SeriesColumn column) {
            for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                if (column.isFloat(slot)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean isGauge(NativeHistogram histogram) {
        return histogram.resetHint() == ResetHint.GAUGE;
    }

    /** Notes why two histograms did not fit together; true when they did. */
    static boolean noted(Annotations annotations, Mismatch mismatch, String metric, Position position) {
        switch (mismatch) {
            case NONE -> {}
            case SCHEMA -> annotations.mixedSchemas(metric, position);
            case BOUNDS -> annotations.incompatibleBounds(metric, position);
        }
        return mismatch == Mismatch.NONE;
    }

    /** The difference between the last two samples of a window. */
    private static final class LastTwo implements RangeKernel {
        private final Annotations annotations;
        private final Position position;
        private final boolean counter;
        private String metric = "";

        LastTwo(FunctionCall call, boolean counter) {
            this.annotations = call.annotations();
            this.position = call.position(0);
            this.counter = counter;
        }

        @Override
        public void begin(Labels labels, Window window) {
            metric = labels.metric();
        }

        @Override
        public void apply(Window window, int step, SeriesColumn result) {
            int floats = window.floatCount();
            int histograms = window.histogramCount();
            if (floats + histograms < 2) {
                return;
            }
            long float1 = floats > 0 ? window.floatTime(floats - 1) : Long.MIN_VALUE;
            long float2 = floats > 1 ? window.floatTime(floats - 2) : Long.MIN_VALUE;
            long histogram1 = histograms > 0 ? window.histogramTime(histograms - 1) : Long.MIN_VALUE;
            long histogram2 = histograms > 1 ? window.histogramTime(histograms - 2) : Long.MIN_VALUE;
            if (float2 > histogram1) {
                floats(window.value(floats - 2), window.value(floats - 1), float1 - float2, step, result);
            } else if (histogram2 > float1) {
                histograms(
                        window.histogram(histograms - 2),
                        window.histogram(histograms - 1),
                        histogram1 - histogram2,
                        step,
                        result);
            } else {
                annotations.mixedFloatsAndHistograms(metric, position);
            }
        }

        private void floats(double older, double newer, long millis, int step, SeriesColumn result) {
            double difference = counter && newer < older ? newer : newer - older;
            result.set(step, counter ? difference / (millis / 1000.0) : difference);
        }

        private void histograms(
                NativeHistogram older, NativeHistogram newer, long millis, int step, SeriesColumn result) {
            if (counter && (isGauge(older) || isGauge(newer))) {
                annotations.notCounter(metric, position);
            }
            if (!counter && (!isGauge(older) || !isGauge(newer))) {
                annotations.notGauge(metric, position);
            }
            HistogramSum difference = HistogramSum.of(newer);
            if ((!counter || !Histograms.isReset(newer, older))
                    && !noted(annotations, difference.subtract(older), metric, position)) {
                return;
            }
            difference.hint(ResetHint.GAUGE).compact();
            if (counter) {
                difference.divide(millis / 1000.0);
            }
            result.set(step, difference.toHistogram());
        }
    }
}
