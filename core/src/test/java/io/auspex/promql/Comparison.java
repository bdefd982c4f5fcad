package io.auspex.promql;

import io.auspex.promql.PromqlScript.Eval;
import io.auspex.promql.SeriesDescription.Point;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.StaleMarker;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares results with what a script expects: values within a relative tolerance of 1e-6. */
final class Comparison {
    private static final double TOLERANCE = 1e-6;

    /** Something is not as expected. */
    static final class Difference extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Difference(String expected, String got) {
            super("expected " + expected + "\ngot " + got);
        }
    }

    private Comparison() {}

    static void string(String expected, Result result) {
        if (result.type() != ValueType.STRING || !expected.equals(result.string())) {
            throw new Difference("string " + expected, result.type() + " " + result.string());
        }
    }

    /** A matrix is in order of its labels, each label set once. */
    static void sorted(List<SeriesColumn> series) {
        for (int i = 1; i < series.size(); i++) {
            if (series.get(i - 1).labels().compareTo(series.get(i).labels()) >= 0) {
                throw new Difference(
                        "unique series sorted by labels",
                        series.get(i - 1).labels() + " before " + series.get(i).labels());
            }
        }
    }

    /** The points of all series at one slot, against the one point that each expected series has. */
    static void vector(Eval eval, List<SeriesColumn> series, int slot, boolean scalar) {
        if (scalar != (eval.scalar() != null)) {
            throw new Difference(eval.scalar() != null ? "a scalar" : "a vector", scalar ? "a scalar" : "a vector");
        }
        if (eval.scalar() != null) {
            double got = series.get(0).value(slot);
            if (!almostEqual(eval.scalar(), got)) {
                throw new Difference("scalar " + eval.scalar(), "" + got);
            }
            return;
        }
        Map<Labels, Integer> positions = new HashMap<>();
        for (int i = 0; i < eval.series().size(); i++) {
            positions.put(eval.series().get(i).labels(), i);
        }
        Set<Labels> seen = new HashSet<>();
        int position = 0;
        for (SeriesColumn column : series) {
            if (!column.isPresent(slot)) {
                continue;
            }
            Integer expected = positions.get(column.labels());
            if (expected == null || !seen.add(column.labels())) {
                throw new Difference("no " + column.labels(), text(column, slot));
            }
            if (eval.expects("ordered") && expected != position) {
                throw new Difference(column.labels() + " at place " + expected, "place " + position);
            }
            position++;
            SeriesDescription description = eval.series().get(expected);
            same(description.labels(), description.points().get(0), column, slot);
        }
        for (Labels labels : positions.keySet()) {
            if (!seen.contains(labels)) {
                throw new Difference(
                        labels + " " + eval.series().get(positions.get(labels)).points(), "nothing");
            }
        }
    }

    /** All points of all series; a description has one per step from the start on. */
    static void matrix(Eval eval, List<SeriesColumn> series) {
        Map<Labels, SeriesDescription> expected = new HashMap<>();
        eval.series().forEach(description -> expected.put(description.labels(), description));
        for (SeriesColumn column : series) {
            SeriesDescription description = expected.remove(column.labels());
            if (description == null) {
                throw new Difference("no " + column.labels(), points(column));
            }
            for (int step = 0;
                    step < Math.max(column.slots(), description.points().size());
                    step++) {
                Point point = step < description.points().size()
                        ? description.points().get(step)
                        : Point.OMITTED;
                boolean present = step < column.slots() && column.isPresent(step);
                if (point.omitted() == present) {
                    throw new Difference(column.labels() + " " + description.points(), points(column));
                }
                if (present) {
                    same(description.labels(), point, column, step);
                }
            }
        }
        if (!expected.isEmpty()) {
            throw new Difference(expected.values().toString(), "nothing");
        }
    }

    private static void same(Labels labels, Point expected, SeriesColumn column, int slot) {
        NativeHistogram histogram = column.histogram(slot);
        boolean same = expected.histogram() == null
                ? histogram == null && almostEqual(expected.value(), column.value(slot))
                : histogram != null && same(expected.histogram(), histogram);
        if (!same) {
            throw new Difference(
                    labels + " " + (expected.histogram() == null ? "" + expected.value() : text(expected.histogram())),
                    text(column, slot));
        }
    }

    private static boolean same(NativeHistogram a, NativeHistogram b) {
        return a.schema() == b.schema()
                && almostEqual(a.count(), b.count())
                && almostEqual(a.sum(), b.sum())
                && (!a.hasCustomBounds() || Arrays.equals(a.customBounds(), b.customBounds()))
                && a.zeroThreshold() == b.zeroThreshold()
                && almostEqual(a.zeroCount(), b.zeroCount())
                && same(a.positiveOffset(), a.positive(), b.positiveOffset(), b.positive())
                && same(a.negativeOffset(), a.negative(), b.negativeOffset(), b.negative())
                && (a.resetHint() == ResetHint.UNKNOWN || a.resetHint() == b.resetHint());
    }

    private static boolean same(int offsetA, double[] a, int offsetB, double[] b) {
        int low = Math.min(offsetA, offsetB);
        int high = Math.max(offsetA + a.length, offsetB + b.length);
        for (int index = low; index < high; index++) {
            double left = index < offsetA || index >= offsetA + a.length ? 0 : a[index - offsetA];
            double right = index < offsetB || index >= offsetB + b.length ? 0 : b[index - offsetB];
            if (!almostEqual(left, right)) {
                return false;
            }
        }
        return true;
    }

    static boolean almostEqual(double a, double b) {
        if (StaleMarker.is(a) || StaleMarker.is(b)) {
            return StaleMarker.is(a) && StaleMarker.is(b);
        }
        if (Double.isNaN(a) && Double.isNaN(b) || a == b) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < TOLERANCE * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < TOLERANCE;
    }

    private static String text(SeriesColumn column, int slot) {
        NativeHistogram histogram = column.histogram(slot);
        return column.labels() + " " + (histogram == null ? "" + column.value(slot) : text(histogram));
    }

    private static String points(SeriesColumn column) {
        StringBuilder text = new StringBuilder(column.labels().toString());
        column.forEach((time, value, histogram) ->
                text.append(' ').append(time).append(':').append(histogram == null ? "" + value : text(histogram)));
        return text.toString();
    }

    private static String text(NativeHistogram h) {
        return "{{schema:" + h.schema() + " count:" + h.count() + " sum:" + h.sum() + " z_bucket:" + h.zeroCount()
                + " z_bucket_w:" + h.zeroThreshold() + " offset:" + h.positiveOffset() + " buckets:"
                + Arrays.toString(h.positive()) + " n_offset:" + h.negativeOffset() + " n_buckets:"
                + Arrays.toString(h.negative()) + " custom_values:" + Arrays.toString(h.customBounds()) + " hint:"
                + h.resetHint() + "}}";
    }
}
