package io.auspex.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One native histogram sample, with absolute float bucket counts.
 *
 * <p>Immutable: the arrays are owned by the instance and must not be changed by anybody. Buckets are dense
 * over {@code offset .. offset + counts.length - 1}, in the index convention of Prometheus (bucket
 * {@code i} of schema {@code s} has the upper bound {@code 2^(i * 2^-s)}). For {@link #CUSTOM_SCHEMA} only
 * positive buckets exist and bucket {@code i} ends at {@code customBounds[i]}, the last at +Inf.
 */
public record NativeHistogram(
        int schema,
        double count,
        double sum,
        double zeroThreshold,
        double zeroCount,
        int positiveOffset,
        double[] positive,
        int negativeOffset,
        double[] negative,
        double[] customBounds,
        ResetHint resetHint) {

    /** The schema of histograms with custom bounds. */
    public static final int CUSTOM_SCHEMA = -53;

    /** What the sender knows about counter resets before this sample. */
    public enum ResetHint {
        UNKNOWN,
        RESET,
        NOT_RESET,
        GAUGE
    }

    public boolean hasCustomBounds() {
        return schema == CUSTOM_SCHEMA;
    }

    /** Whether this sample is a stale marker. */
    public boolean isStale() {
        return StaleMarker.is(sum);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NativeHistogram that
                && schema == that.schema
                && bits(count) == bits(that.count)
                && bits(sum) == bits(that.sum)
                && bits(zeroThreshold) == bits(that.zeroThreshold)
                && bits(zeroCount) == bits(that.zeroCount)
                && positiveOffset == that.positiveOffset
                && Arrays.equals(positive, that.positive)
                && negativeOffset == that.negativeOffset
                && Arrays.equals(negative, that.negative)
                && Arrays.equals(customBounds, that.customBounds)
                && resetHint == that.resetHint;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(positive) + Double.hashCode(sum);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }
}
