package io.auspex.codec;

import java.util.random.RandomGenerator;

/** Columns of the shapes that real series have, and of some that they should not have. */
public final class Shapes {
    private static final double[] SPECIAL = {
        Double.longBitsToDouble(0x7ff0000000000002L),
        Double.NaN,
        Double.longBitsToDouble(0x7ff8000000000001L),
        Double.longBitsToDouble(0xfff0123456789abcL),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -0.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        9007199254740993.0
    };

    private Shapes() {}

    public static double[] values(RandomGenerator random, int count) {
        double[] values = new double[count];
        int shape = random.nextInt(9);
        double scale = Math.pow(10, random.nextInt(10));
        double level = random.nextInt(1000);
        for (int i = 0; i < count; i++) {
            level += random.nextInt(5) == 0 ? random.nextInt(1000) : 0;
            values[i] = switch (shape) {
                case 0 -> level;
                case 1 -> 42.5;
                case 2 -> Math.rint(random.nextDouble() * 1e4) / scale;
                case 3 -> random.nextDouble();
                case 4 -> (float) random.nextDouble() * 100;
                case 5 -> Double.longBitsToDouble(random.nextLong());
                case 6 -> random.nextInt(3) == 0 ? random.nextGaussian() : 7;
                case 7 -> level * 15 + i;
                default -> -Math.rint(random.nextGaussian() * 1e6) / scale;
            };
        }
        if (random.nextInt(3) == 0) {
            for (int specials = random.nextInt(1 + count); specials > 0; specials--) {
                values[random.nextInt(count)] = SPECIAL[random.nextInt(SPECIAL.length)];
            }
        }
        return values;
    }

    /** Strictly ascending. */
    public static long[] timestamps(RandomGenerator random, int count) {
        long[] timestamps = new long[count];
        long time = 1_700_000_000_000L + random.nextInt(1_000_000);
        int shape = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            timestamps[i] = time;
            time += switch (shape) {
                case 0 -> 15_000;
                case 1 -> 15_000 + (random.nextInt(30) == 0 ? random.nextInt(7) - 3 : 0);
                case 2 -> 15_000 * (random.nextInt(20) == 0 ? 1 + random.nextInt(5) : 1);
                default -> 1 + random.nextLong(1L << random.nextInt(1, 40));
            };
        }
        return timestamps;
    }

    public static long[] bits(double[] values, int from, int to) {
        long[] bits = new long[to - from];
        for (int i = from; i < to; i++) {
            bits[i - from] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }
}
