package io.auspex.promql;

import java.util.Arrays;

/** The quantile of a set of values, by linear interpolation between the closest ranks; NaN sorts lowest. */
final class Quantile {
    private double[] values = new double[16];
    private int size;

    void clear() {
        size = 0;
    }

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    void load(double[] source, int from, int to) {
        size = to - from;
        if (values.length < size) {
            values = new double[Math.max(size, values.length * 2)];
        }
        System.arraycopy(source, from, values, 0, size);
    }

    /** Replaces each value by its distance from another. */
    void distancesFrom(double center) {
        for (int i = 0; i < size; i++) {
            values[i] = Math.abs(values[i] - center);
        }
    }

    /** The quantile; infinite when {@code q} is out of range, NaN when it is NaN or there are no values. */
    double at(double q) {
        if (size == 0 || Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        Arrays.sort(values, 0, size);
        int missing = countTrailingNaN();
        double rank = q * (size - 1);
        double floor = Math.floor(rank);
        int lower = (int) floor;
        int upper = Math.min(size - 1, lower + 1);
        double weight = rank - floor;
        return ranked(lower, missing) * (1 - weight) + ranked(upper, missing) * weight;
    }

    /** The JDK sorts NaN to the end. */
    private int countTrailingNaN() {
        int missing = 0;
        while (missing < size && Double.isNaN(values[size - 1 - missing])) {
            missing++;
        }
        return missing;
    }

    private double ranked(int rank, int missing) {
        return rank < missing ? Double.NaN : values[rank - missing];
    }
}
