package io.auspex.histogram;

import io.auspex.series.NativeHistogram;

/**
 * Where the buckets of a schema end.
 *
 * <p>Bucket {@code i} of the exponential schema {@code s} ends at {@code 2^(i * 2^-s)}; the highest finite
 * bucket ends at {@link Double#MAX_VALUE}, as in the reference.
 */
public final class BucketBounds {
    private static final int MAX_SCHEMA = 8;

    /** For each schema above zero the bounds of one octave, from 0.5 up. */
    private static final double[][] OCTAVES = new double[MAX_SCHEMA + 1][];

    static {
        for (int schema = 0; schema <= MAX_SCHEMA; schema++) {
            int count = 1 << schema;
            double[] bounds = new double[count];
            for (int i = 0; i < count; i++) {
                bounds[i] = 0.5 * StrictMath.pow(2, i / (double) count);
            }
            OCTAVES[schema] = bounds;
        }
    }

    private BucketBounds() {}

    /** The upper bound of a positive bucket of a histogram; the lower one is that of the index before. */
    static double upper(int index, int schema, double[] customBounds) {
        if (schema == NativeHistogram.CUSTOM_SCHEMA) {
            if (index < 0) {
                return Double.NEGATIVE_INFINITY;
            }
            return index >= customBounds.length ? Double.POSITIVE_INFINITY : customBounds[index];
        }
        return exponential(index, schema);
    }

    /** The upper bound of a bucket of an exponential schema. */
    public static double exponential(int index, int schema) {
        if (schema < 0) {
            int exponent = index << -schema;
            return exponent == 1024 ? Double.MAX_VALUE : Math.scalb(1.0, exponent);
        }
        double fraction = OCTAVES[schema][index & (1 << schema) - 1];
        int exponent = (index >> schema) + 1;
        return fraction == 0.5 && exponent == 1025 ? Double.MAX_VALUE : Math.scalb(fraction, exponent);
    }

    /** The bucket of a lower resolution that holds the given one. */
    static int coarser(int index, int schema, int targetSchema) {
        return ((index - 1) >> (schema - targetSchema)) + 1;
    }
}
