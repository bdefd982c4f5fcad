package io.auspex.promql;

import io.auspex.series.NativeHistogram;
import io.auspex.series.ReadHint;
import io.auspex.series.SampleColumn;
import io.auspex.series.SeriesCursor;
import io.auspex.series.StaleMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads series from storage and aligns them to steps. */
final class Selector {
    private final Evaluation run;
    private final Steps steps;

    Selector(Evaluation run, Steps steps) {
        this.run = run;
        this.steps = steps;
    }

    /** The newest sample in the look-back window before each step, unless it is a stale marker. */
    List<SeriesColumn> instants(Expr.VectorSelector node) {
        return instants(node, false);
    }

    /** As {@link #instants(Expr.VectorSelector)}, one after the other in the same column. */
    void stream(Expr.VectorSelector node, Consumer<SeriesColumn> consumer) {
        each(node, false, column -> {
            consumer.accept(column);
            return false;
        });
    }

    /** As {@link #instants(Expr.VectorSelector)}, but each value is the time of the sample in seconds. */
    List<SeriesColumn> timestamps(Expr.VectorSelector node) {
        return instants(node, true);
    }

    private List<SeriesColumn> instants(Expr.VectorSelector node, boolean timestamps) {
        List<SeriesColumn> columns = new ArrayList<>();
        each(node, timestamps, column -> {
            run.hold(column);
            return columns.add(column);
        });
        return columns;
    }

    /** Hands over each column; one that is not kept is used again. */
    private void each(Expr.VectorSelector node, boolean timestamps, Predicate<SeriesColumn> keeps) {
        At at = node.at();
        Steps refs = shifted(at, node.offsetMillis());
        long lookback = run.options().lookbackMillis();
        SeriesColumn column = null;
        Profile profile = run.profile();
        Predicate<SeriesColumn> receiver = profile.outside(keeps);
        profile.enter(node);
        ReadHint hint = hint(ReadHint.Use.INSTANT, refs, lookback);
        try (SeriesCursor cursor =
                run.reader().select(node.matchers(), refs.start() - lookback + 1, refs.end(), hint)) {
            while (cursor.next()) {
                run.check();
                run.countSeries();
                if (column == null) {
                    run.reserve(steps);
                    column = new SeriesColumn(cursor.labels(), steps);
                } else {
                    column.reset(cursor.labels());
                }
                align(cursor.samples(), refs, lookback, column, timestamps);
                if (!column.isEmpty()) {
                    run.countTouched(column);
                    column = receiver.test(column) ? null : column;
                }
            }
            run.countRead(cursor.cost());
        }
        profile.leave();
    }

    /** The times that a selector looks at: one per step, all the same under an {@code @} modifier. */
    private Steps shifted(@org.jspecify.annotations.Nullable At at, long offset) {
        return at == null
                ? new Steps(steps.start() - offset, steps.interval(), steps.count())
                : Steps.at(run.resolve(at) - offset);
    }

    private static ReadHint hint(ReadHint.Use use, Steps ends, long range) {
        return new ReadHint(use, ends.start(), ends.count() == 1 ? 0 : ends.interval(), range);
    }

    private static void align(
            SampleColumn samples, Steps refs, long lookback, SeriesColumn column, boolean timestamps) {
        long[] times = samples.timestamps();
        double[] values = samples.values();
        boolean histograms = samples.hasHistograms();
        int size = samples.size();
        int next = samples.indexFrom(refs.start() - lookback + 1);
        if (!histograms && !timestamps && !samples.isCoarse()) {
            alignFloats(times, values, next, size, refs, lookback, column);
            return;
        }
        for (int step = 0; step < column.slots(); step++) {
            long ref = refs.time(Math.min(step, refs.count() - 1));
            while (next < size && times[next] <= ref) {
                next++;
            }
            int newest = next - 1;
            if (newest < 0 || times[newest] <= ref - samples.lookback(newest, lookback)) {
                continue;
            }
            NativeHistogram histogram = histograms ? samples.histogram(newest) : null;
            if (histogram == null ? StaleMarker.is(values[newest]) : histogram.isStale()) {
                continue;
            }
            if (timestamps) {
                column.set(step, times[newest] / 1000.0);
            } else if (histogram != null) {
                column.set(step, histogram);
            } else {
                column.set(step, values[newest]);
            }
        }
    }

    private static void alignFloats(
            long[] times, double[] values, int first, int size, Steps refs, long lookback, SeriesColumn column) {
        int next = first;
        int last = refs.count() - 1;
        for (int step = 0; step < column.slots(); step++) {
            long ref = refs.time(Math.min(step, last));
            while (next < size && times[next] <= ref) {
                next++;
            }
            if (next > 0 && times[next - 1] > ref - lookback && !StaleMarker.is(values[next - 1])) {
                column.place(step, values[next - 1]);
            }
        }
    }

    /** All samples in the range before the one step, at their own times. */
    List<SeriesColumn> raw(Expr.MatrixSelector node) {
        List<SeriesColumn> columns = new ArrayList<>();
        windows(node, ReadHint.Use.SAMPLES, (labels, window) -> {
            window.moveTo(0);
            int floats = window.floatCount();
            int count = floats + window.histogramCount();
            if (count == 0) {
                return;
            }
            SeriesColumn column = merge(labels, window, count);
            run.hold(column);
            run.countTouched(column.weight());
            columns.add(column);
        });
        return columns;
    }

    private static SeriesColumn merge(io.auspex.series.Labels labels, Window window, int count) {
        long[] times = new long[count];
        int floats = window.floatCount();
        int f = 0;
        int h = 0;
        for (int i = 0; i < count; i++) {
            boolean takeFloat =
                    h >= window.histogramCount() || (f < floats && window.floatTime(f) < window.histogramTime(h));
            times[i] = takeFloat ? window.floatTime(f++) : window.histogramTime(h++);
        }
        SeriesColumn column = SeriesColumn.atTimes(labels, times);
        f = 0;
        h = 0;
        for (int i = 0; i < count; i++) {
            if (f < floats && window.floatTime(f) == times[i]) {
                column.set(i, window.value(f++));
            } else {
                column.set(i, window.histogram(h++));
            }
        }
        return column;
    }

    /** Receives the samples of one series; the window is valid during the call only. */
    interface WindowConsumer {
        void accept(io.auspex.series.Labels labels, Window window);
    }

    /** Hands over each series that a range selector finds, with a window that slides over the steps. */
    void windows(Expr.MatrixSelector node, ReadHint.Use use, WindowConsumer consumer) {
        Expr.VectorSelector vector = node.vector();
        Steps ends = shifted(vector.at(), vector.offsetMillis());
        long range = node.rangeMillis();
        Window window = new Window(steps, ends, range);
        Profile profile = run.profile();
        WindowConsumer receiver = profile.outside(consumer);
        profile.enter(node);
        try (SeriesCursor cursor =
                run.reader().select(vector.matchers(), ends.start() - range + 1, ends.end(), hint(use, ends, range))) {
            while (cursor.next()) {
                run.check();
                run.countSeries();
                window.load(cursor.samples());
                receiver.accept(cursor.labels(), window);
            }
            run.countRead(cursor.cost());
        }
        profile.leave();
    }

    /** As {@link #windows(Expr.MatrixSelector, ReadHint.Use, WindowConsumer)}, over the result of a subquery. */
    void windows(Expr.Subquery node, List<SeriesColumn> inner, WindowConsumer consumer) {
        Window window = new Window(steps, shifted(node.at(), node.offsetMillis()), node.rangeMillis());
        for (SeriesColumn column : inner) {
            run.check();
            window.load(column);
            consumer.accept(column.labels(), window);
        }
    }
}
