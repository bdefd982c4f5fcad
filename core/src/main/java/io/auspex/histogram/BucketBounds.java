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

    /**
     * By how many units in the last place each bound of an octave of schema 8 differs in Prometheus (observed of 3.5.3)
     * from the power of two: {@code e} is none, {@code d} one below. Clients compare bounds as text.
     */
    private static final String DIFFERENCES = "eeeeeedeeedeeeeeeedceeddddddddddeedeeedeedddeeddeeddeeddeeddeddd"
            + "eeeeeeddddccdeddeedeeedeeedeeeeeeeddefeedecceeddeedeeededdcdeddd"
            + "dedddeccddcdedcddeddddcddcccddbbdedeeededdccdecdddccddcdddccddcd"
            + "cdbcddcdccbcccccccccccbbbbaabcabddcdcccccdbbddcccdbcddccccabccbb";

    /** For each schema above zero the bounds of one octave, from 0.5 up. */
    private static final double[][] OCTAVES = new double[MAX_SCHEMA + 1][];

    static {
        double[] finest = new double[1 << MAX_SCHEMA];
        for (int i = 0; i < finest.length; i++) {
            double power = 0.5 * StrictMath.pow(2, i / (double) finest.length);
            finest[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(power) + DIFFERENCES.charAt(i) - 'e');
        }
        for (int schema = 0; schema <= MAX_SCHEMA; schema++) {
            double[] bounds = new double[1 << schema];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = finest[i << (MAX_SCHEMA - schema)];
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
