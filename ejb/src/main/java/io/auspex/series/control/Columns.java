package io.auspex.series.control;

import io.auspex.series.NativeHistogram;
import io.auspex.series.SampleColumn;

/** Sample columns put together. */
final class Columns {
    private Columns() {}

    /**
     * Merges samples into a column by time; where both have a timestamp the column's own sample stays.
     *
     * @param scratch used in between; its contents are lost
     */
    static void merge(SampleColumn into, SampleColumn from, SampleColumn scratch) {
        int size = into.size();
        if (from.size() == 0) {
            return;
        }
        if (size == 0 || from.timestamp(0) > into.timestamp(size - 1)) {
            append(from, 0, from.size(), into);
            return;
        }
        scratch.clear();
        int left = 0;
        int right = 0;
        while (left < size || right < from.size()) {
            if (right == from.size() || (left < size && into.timestamp(left) <= from.timestamp(right))) {
                if (right < from.size() && into.timestamp(left) == from.timestamp(right)) {
                    right++;
                }
                append(into, left, left + 1, scratch);
                left++;
            } else {
                append(from, right, right + 1, scratch);
                right++;
            }
        }
        into.clear();
        append(scratch, 0, scratch.size(), into);
    }

    static void append(SampleColumn from, int start, int end, SampleColumn into) {
        if (!from.hasHistograms()) {
            int at = into.size();
            into.resize(at + end - start);
            System.arraycopy(from.timestamps(), start, into.timestamps(), at, end - start);
            System.arraycopy(from.values(), start, into.values(), at, end - start);
            return;
        }
        for (int i = start; i < end; i++) {
            NativeHistogram histogram = from.histogram(i);
            if (histogram == null) {
                into.append(from.timestamp(i), from.value(i));
            } else {
                into.append(from.timestamp(i), histogram);
            }
        }
    }
}
