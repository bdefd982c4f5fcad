package io.auspex.histogram;

import io.auspex.series.NativeHistogram;
import java.util.function.DoubleFunction;

/** A native histogram as people read it: {@code {count:3, sum:14, (1,2]:2, (2,4]:1}}. */
public final class HistogramText {
    private HistogramText() {}

    /** The text, with numbers as the given function writes them; empty buckets are left out. */
    public static String of(NativeHistogram histogram, DoubleFunction<String> number) {
        StringBuilder text = new StringBuilder("{count:")
                .append(number.apply(histogram.count()))
                .append(", sum:")
                .append(number.apply(histogram.sum()));
        int bucketIndex = 0;
        for (BucketCursor bucket = BucketCursor.ascending(histogram); bucket.next(); bucketIndex++) {
            if (bucket.count() == 0) {
                continue;
            }
            boolean zero = bucket.lower() <= 0 && bucket.upper() >= 0 && !histogram.hasCustomBounds();
            boolean lowerIncluded = histogram.hasCustomBounds()
                    ? bucketIndex == 0 && histogram.positiveOffset() == 0
                    : zero || bucket.lower() < 0;
            boolean upperIncluded = histogram.hasCustomBounds() || zero || bucket.upper() > 0;
            text.append(", ")
                    .append(lowerIncluded ? '[' : '(')
                    .append(number.apply(bucket.lower()))
                    .append(',')
                    .append(number.apply(bucket.upper()))
                    .append(upperIncluded ? ']' : ')')
                    .append(':')
                    .append(number.apply(bucket.count()));
        }
        return text.append('}').toString();
    }
}
