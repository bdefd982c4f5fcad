package io.auspex.promql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A classic histogram: one series of cumulative counts per bucket. Buckets are sorted once; a step is then
 * loaded and asked.
 *
 * <p>Counts that fall from bucket to bucket are lifted to the ones before; relative differences below 1e-12
 * are taken as rounding. After the reference's {@code promql/quantile.go} (release 3.5).
 */
final class ClassicHistogram {
    private static final double TOLERANCE = 1e-12;

    private record Bucket(double bound, SeriesColumn column) {}

    private final List<Bucket> buckets = new ArrayList<>();
    private final Set<Integer> excluded = new HashSet<>();
    private boolean sorted;
    private double[] bounds = new double[0];
    private double[] counts = new double[0];
    private int size;
    private boolean forced;

    /** The counts of all buckets, when each has one bound of its own and a float at every step. */
    private double @Nullable [][] full;

    /** The value of an {@code le} label; null when it is not a number. */
    static @Nullable Double parseBound(String le) {
        return switch (le.toLowerCase(java.util.Locale.ROOT)) {
            case "" -> null;
            case "+inf", "inf", "+infinity", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> parseNumber(le);
        };
    }

    private static @Nullable Double parseNumber(String text) {
        char last = text.charAt(text.length() - 1);
        if (last == 'd'
                || last == 'D'
                || last == 'f'
                || last == 'F'
                || text.trim().length() != text.length()) {
            return null;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    void add(double bound, SeriesColumn column) {
        buckets.add(new Bucket(bound, column));
    }

    /** Whether any bucket has a sample at a step. */
    boolean isPresent(int step) {
        for (Bucket bucket : buckets) {
            if (bucket.column.isFloat(step)) {
                return true;
            }
        }
        return false;
    }

    /** Leaves a step without answer. */
    void exclude(int step) {
        excluded.add(step);
    }

    /** Takes the buckets of a step, those of equal bounds together; false when there are none. */
    boolean load(int step) {
        if (!sorted) {
            sort();
        }
        size = 0;
        if (!excluded.isEmpty() && excluded.contains(step)) {
            return false;
        }
        double[][] columns = full;
        if (columns != null) {
            for (int i = 0; i < columns.length; i++) {
                counts[i] = columns[i][step];
            }
            size = columns.length;
            return true;
        }
        for (Bucket bucket : buckets) {
            if (!bucket.column.isFloat(step)) {
                continue;
            }
            double count = bucket.column.value(step);
            if (size > 0 && bounds[size - 1] == bucket.bound) {
                counts[size - 1] += count;
            } else {
                bounds[size] = bucket.bound;
                counts[size++] = count;
            }
        }
        return size > 0;
    }

    private void sort() {
        buckets.sort(Comparator.comparingDouble(Bucket::bound));
        bounds = new double[buckets.size()];
        counts = new double[buckets.size()];
        sorted = true;
        double[][] columns = new double[buckets.size()][];
        for (int i = 0; i < columns.length; i++) {
            Bucket bucket = buckets.get(i);
            bounds[i] = bucket.bound;
            columns[i] = bucket.column.values();
            if (!bucket.column.isFull() || bucket.column.hasHistograms() || (i > 0 && bounds[i - 1] == bounds[i])) {
                return;
            }
        }
        full = columns;
    }

    /** Whether the last quantile needed counts to be lifted. */
    boolean wasForced() {
        return forced;
    }

    double quantile(double q) {
        forced = false;
        if (Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        makeMonotonic();
        double observations = counts[size - 1];
        if (size < 2 || observations == 0) {
            return Double.NaN;
        }
        double rank = q * observations;
        int found = firstAtLeast(rank);
        if (found == size - 1) {
            return bounds[size - 2];
        }
        if (found == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = found == 0 ? 0 : bounds[found - 1];
        double before = found == 0 ? 0 : counts[found - 1];
        return start + (bounds[found] - start) * ((rank - before) / (counts[found] - before));
    }

    /** The first bucket but the last whose count reaches the rank, by the reference's binary search. */
    private int firstAtLeast(double rank) {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (counts[middle] >= rank) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void makeMonotonic() {
        double previous = counts[0];
        for (int i = 1; i < size; i++) {
            double current = counts[i];
            if (current == previous) {
                continue;
            }
            if (almostEqual(previous, current)) {
                counts[i] = previous;
            } else if (current < previous) {
                counts[i] = previous;
                forced = true;
            } else {
                previous = current;
            }
        }
    }

    private static boolean almostEqual(double a, double b) {
        if ((Double.isNaN(a) && Double.isNaN(b)) || a == b) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (sum >= Double.MIN_NORMAL && difference > 10 * TOLERANCE * sum) {
            return false; // nearly always, and without a division
        }
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < TOLERANCE * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < TOLERANCE;
    }

    double fraction(double lower, double upper) {
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        double count = counts[size - 1];
        if (count == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        return (Math.min(rankOf(upper), count) - Math.min(rankOf(lower), count)) / count;
    }

    /** How many observations lie below a value. */
    private double rankOf(double value) {
        double rank = 0;
        double start = bounds[0] <= 0 ? Double.NEGATIVE_INFINITY : 0;
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                start = bounds[i - 1];
            }
            if (start >= value) {
                return rank;
            }
            if (bounds[i] > value) {
                return start == Double.NEGATIVE_INFINITY
                        ? counts[i]
                        : rank + (counts[i] - rank) * (value - start) / (bounds[i] - start);
            }
            rank = counts[i];
        }
        return counts[size - 1];
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(bounds, size));
    }
}
