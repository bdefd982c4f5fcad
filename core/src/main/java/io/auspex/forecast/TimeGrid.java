package io.auspex.forecast;

import io.auspex.series.SampleColumn;
import java.util.Arrays;

/**
 * A series on evenly spaced moments: the mean of the samples in each cell, holes filled by straight lines.
 *
 * <p>Cells end at multiples of the step, so that equal ranges give equal grids. Leading cells without samples are
 * left out.
 *
 * @param endMillis the end of the last cell
 * @param values one finite value for each cell, the oldest first
 * @param filled how many of them were holes
 */
public record TimeGrid(long stepMillis, long endMillis, double[] values, int filled) {
    /**
     * The grid of the samples in a range.
     *
     * @param most cells at most; the step is widened to a round one until they suffice
     */
    public static TimeGrid of(SampleColumn samples, long leastStepMillis, int most) {
        int first = 0;
        int last = samples.size() - 1;
        while (first <= last && !Double.isFinite(samples.value(first))) {
            first++;
        }
        while (last >= first && !Double.isFinite(samples.value(last))) {
            last--;
        }
        if (first > last) {
            return new TimeGrid(Math.max(1, leastStepMillis), 0, new double[0], 0);
        }
        long step = Math.max(1, leastStepMillis);
        long span = samples.timestamp(last) - samples.timestamp(first);
        while (span / step + 2 > most) {
            step *= 2;
        }
        long start = Math.floorDiv(samples.timestamp(first), step);
        int cells = (int) (Math.floorDiv(samples.timestamp(last), step) - start) + 1;
        double[] sums = new double[cells];
        int[] counts = new int[cells];
        for (int i = first; i <= last; i++) {
            if (Double.isFinite(samples.value(i))) {
                int cell = (int) (Math.floorDiv(samples.timestamp(i), step) - start);
                sums[cell] += samples.value(i);
                counts[cell]++;
            }
        }
        int filled = fill(sums, counts);
        return new TimeGrid(step, (start + cells) * step, sums, filled);
    }

    /** The typical distance between samples: the median of the gaps, at least one millisecond. */
    public static long interval(SampleColumn samples) {
        int n = samples.size();
        if (n < 2) {
            return 1;
        }
        long[] gaps = new long[n - 1];
        for (int i = 1; i < n; i++) {
            gaps[i - 1] = samples.timestamp(i) - samples.timestamp(i - 1);
        }
        Arrays.sort(gaps);
        return Math.max(1, gaps[gaps.length / 2]);
    }

    private static int fill(double[] sums, int[] counts) {
        int filled = 0;
        int before = 0;
        for (int c = 0; c < sums.length; c++) {
            if (counts[c] == 0) {
                filled++;
                continue;
            }
            sums[c] /= counts[c];
            for (int hole = before + 1; hole < c; hole++) {
                sums[hole] = sums[before] + (sums[c] - sums[before]) * (hole - before) / (c - before);
            }
            before = c;
        }
        return filled;
    }

    /** How many steps a period has, 1 when it is no whole number of steps or the grid is shorter than two of it. */
    public int steps(long periodMillis) {
        boolean fits = periodMillis % stepMillis == 0 && periodMillis / stepMillis >= 2;
        return fits && values.length >= 2 * (periodMillis / stepMillis) ? (int) (periodMillis / stepMillis) : 1;
    }
}
