package io.auspex.promql;

import io.auspex.histogram.Histograms;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import org.jspecify.annotations.Nullable;

/** {@code resets} and {@code changes}: how often neighbours differ, counted once per series. */
final class ChangeFunctions {
    private ChangeFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        builder.range("resets", call -> new Counter(ChangeFunctions::isReset));
        builder.range("changes", call -> new Counter(ChangeFunctions::isChange));
    }

    /** Whether a sample counts after the one before it. Floats are meant where histograms are null. */
    private interface Test {
        boolean counts(
                double before,
                @Nullable NativeHistogram histogramBefore,
                double now,
                @Nullable NativeHistogram histogram);
    }

    private static boolean isReset(
            double before, @Nullable NativeHistogram histogramBefore, double now, @Nullable NativeHistogram histogram) {
        if (histogramBefore == null && histogram == null) {
            return now < before;
        }
        return histogramBefore == null || histogram == null || Histograms.isReset(histogram, histogramBefore);
    }

    private static boolean isChange(
            double before, @Nullable NativeHistogram histogramBefore, double now, @Nullable NativeHistogram histogram) {
        if (histogramBefore == null && histogram == null) {
            return now != before && !(Double.isNaN(now) && Double.isNaN(before));
        }
        return histogramBefore == null || histogram == null || !Histograms.sameContent(histogram, histogramBefore);
    }

    /**
     * Counts over the samples of the series in order of time; {@code upTo[i]} is the count among the first
     * {@code i + 1} samples.
     */
    private static final class Counter implements RangeKernel {
        private final Test test;
        private int[] upTo = new int[64];

        Counter(Test test) {
            this.test = test;
        }

        @Override
        public void begin(Labels labels, Window window) {
            int floats = window.floatTotal();
            int total = floats + window.histogramTotal();
            if (upTo.length < total) {
                upTo = new int[total];
            }
            int f = 0;
            int h = 0;
            double before = 0;
            NativeHistogram histogramBefore = null;
            for (int i = 0; i < total; i++) {
                boolean isFloat = h >= window.histogramTotal()
                        || (f < floats && window.floatTimes()[f] < window.histogramTimeAt(h));
                double now = isFloat ? window.floats()[f++] : Double.NaN;
                NativeHistogram histogram = isFloat ? null : window.histogramAt(h++);
                boolean counts = i > 0 && test.counts(before, histogramBefore, now, histogram);
                upTo[i] = (i == 0 ? 0 : upTo[i - 1]) + (counts ? 1 : 0);
                before = now;
                histogramBefore = histogram;
            }
        }

        @Override
        public void apply(Window window, int step, SeriesColumn result) {
            int first = window.floatFrom() + window.histogramFrom();
            int last = window.floatTo() + window.histogramTo() - 1;
            result.set(step, upTo[last] - upTo[first]);
        }
    }
}
