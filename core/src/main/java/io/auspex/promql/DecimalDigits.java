package io.auspex.promql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Whole numbers as decimal digits, eight at a time, then two. */
public final class DecimalDigits {
    private static final byte[] PAIRS = pairs();
    private static final long[] POWERS = powers();
    private static final int EIGHT = 100_000_000;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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
        while (to - at >= 8) {
            long upper = rest / EIGHT;
            EIGHT_BYTES.set(into, to - 8, eight((int) (rest - upper * EIGHT)));
            rest = upper;
            to -= 8;
        }
        writeInt((int) rest, into, at, to);
        return end;
    }

    /** Eight digits as bytes, the first one lowest: halves of four, then pairs, then single ones, side by side. */
    private static long eight(int value) {
        int upper = value / 10_000;
        long fours = upper | (long) (value - upper * 10_000) << 32;
        long hundreds = ((fours * 10_486) >>> 20) & 0x0000_007F_0000_007FL;
        long twos = hundreds | (fours - hundreds * 100) << 16;
        long tens = ((twos * 103) >>> 10) & 0x000F_000F_000F_000FL;
        return (tens | (twos - tens * 10) << 8) | 0x3030_3030_3030_3030L;
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
