package io.auspex.promql;

import java.nio.charset.StandardCharsets;

/** Whole numbers as decimal digits, two at a time. */
public final class DecimalDigits {
    private static final byte[] PAIRS = pairs();
    private static final long[] POWERS = powers();
    private static final int EIGHT = 100_000_000;

    private DecimalDigits() {}

    private static byte[] pairs() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append((char) ('0' + i / 10)).append((char) ('0' + i % 10));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static long[] powers() {
        long[] table = new long[19];
        table[0] = 1;
        for (int i = 1; i < table.length; i++) {
            table[i] = table[i - 1] * 10;
        }
        return table;
    }

    /** {@code 10^exponent}, from 0 to 18. */
    static long power(int exponent) {
        return POWERS[exponent];
    }

    /** How many digits a number has that is not negative; 1 for zero. */
    static int count(long value) {
        // 1233/4096 is just above the logarithm of two
        int guess = ((64 - Long.numberOfLeadingZeros(value | 1)) * 1233) >>> 12;
        return guess < POWERS.length && value >= POWERS[guess] ? guess + 1 : Math.max(1, guess);
    }

    /** Writes a number that is not negative, in ASCII; the end of what was written. */
    public static int write(long value, byte[] into, int at) {
        return write(value, count(value), into, at);
    }

    /** Writes the lowest digits of a number, with zeros before them as needed. */
    static int write(long value, int digits, byte[] into, int at) {
        int end = at + digits;
        int to = end;
        long rest = value;
        while (to - at > 8) {
            long upper = rest / EIGHT;
            writeInt((int) (rest - upper * EIGHT), into, to - 8, to);
            rest = upper;
            to -= 8;
        }
        writeInt((int) rest, into, at, to);
        return end;
    }

    private static void writeInt(int value, byte[] into, int from, int end) {
        int rest = value;
        int to = end;
        while (to - from >= 2) {
            int upper = rest / 100;
            int pair = (rest - upper * 100) << 1;
            into[--to] = PAIRS[pair + 1];
            into[--to] = PAIRS[pair];
            rest = upper;
        }
        if (to > from) {
            into[from] = (byte) ('0' + rest % 10);
        }
    }
}
