package io.auspex.codec;

/**
 * Doubles as integers over a power of ten.
 *
 * <p>A double {@code v} is a decimal of scale {@code k} when {@code rint(v * 10^k) / 10^k} is {@code v} to the bit:
 * division rounds correctly, so the quotient is the double nearest to that decimal, and decoding repeats it.
 */
final class Decimals {
    static final int MAX_SCALE = 9;

    /** Beyond this, neighbouring integers are no longer all doubles. */
    private static final double MAX_MANTISSA = 1L << 53;

    private static final double[] POWER = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

    private Decimals() {}

    static double power(int scale) {
        return POWER[scale];
    }

    /** The smallest scale at or above {@code least} in which the value is exact, -1 when there is none. */
    static int scale(double value, int least) {
        for (int scale = least; scale <= MAX_SCALE; scale++) {
            if (isExact(value, scale)) {
                return scale;
            }
        }
        return -1;
    }

    static boolean isExact(double value, int scale) {
        double mantissa = Math.rint(value * POWER[scale]);
        // Written so that NaN fails; -0.0 is caught by comparing bits with the integer's way back.
        return Math.abs(mantissa) <= MAX_MANTISSA
                && Double.doubleToRawLongBits((double) (long) mantissa / POWER[scale])
                        == Double.doubleToRawLongBits(value);
    }

    static long mantissa(double value, int scale) {
        return (long) Math.rint(value * POWER[scale]);
    }
}
