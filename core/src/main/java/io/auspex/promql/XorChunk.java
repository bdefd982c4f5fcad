package io.auspex.promql;

import java.util.Arrays;

/**
 * Float samples in the reference's XOR chunk format: a count, the first sample, and each further one as difference of
 * differences of times and XOR of values. Kept and reused. Not thread-safe.
 */
final class XorChunk {
    /** Samples of a full chunk, as the reference cuts them. */
    static final int MAX_SAMPLES = 120;

    private static final int NONE = 0xff;

    private byte[] bytes = new byte[512];
    private long bits;
    private int leading;
    private int trailing;

    /** The chunk of samples {@code from} (inclusive) to {@code to} (exclusive), at most {@link #MAX_SAMPLES}. */
    byte[] encode(long[] times, double[] values, int from, int to) {
        Arrays.fill(bytes, (byte) 0);
        bits = 0;
        leading = NONE;
        trailing = 0;
        write(to - from, 16);
        long delta = 0;
        for (int i = from; i < to; i++) {
            if (i == from) {
                varint(times[i] << 1 ^ times[i] >> 63);
                write(Double.doubleToRawLongBits(values[i]), 64);
                continue;
            }
            long next = times[i] - times[i - 1];
            if (i == from + 1) {
                varint(next);
            } else {
                deltaOfDelta(next - delta);
            }
            delta = next;
            value(Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(values[i - 1]));
        }
        return Arrays.copyOf(bytes, (int) ((bits + 7) >>> 3));
    }

    private void deltaOfDelta(long value) {
        if (value == 0) {
            write(0, 1);
        } else if (fits(value, 14)) {
            write(0b10, 2);
            write(value, 14);
        } else if (fits(value, 17)) {
            write(0b110, 3);
            write(value, 17);
        } else if (fits(value, 20)) {
            write(0b1110, 4);
            write(value, 20);
        } else {
            write(0b1111, 4);
            write(value, 64);
        }
    }

    private static boolean fits(long value, int width) {
        return -((1L << (width - 1)) - 1) <= value && value <= 1L << (width - 1);
    }

    private void value(long xor) {
        if (xor == 0) {
            write(0, 1);
            return;
        }
        write(1, 1);
        int newLeading = Math.min(31, Long.numberOfLeadingZeros(xor));
        int newTrailing = Long.numberOfTrailingZeros(xor);
        if (leading != NONE && newLeading >= leading && newTrailing >= trailing) {
            write(0, 1);
        } else {
            leading = newLeading;
            trailing = newTrailing;
            write(1, 1);
            write(leading, 5);
            write(64 - leading - trailing, 6);
        }
        write(xor >>> trailing, 64 - leading - trailing);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            write((rest & 0x7f) | 0x80, 8);
            rest >>>= 7;
        }
        write(rest, 8);
    }

    /** The lowest bits of a value, the highest of them first. */
    private void write(long value, int width) {
        if ((bits + width + 7) >>> 3 > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        for (int bit = width - 1; bit >= 0; bit--) {
            if ((value >>> bit & 1) != 0) {
                bytes[(int) (bits >>> 3)] |= (byte) (0x80 >>> (bits & 7));
            }
            bits++;
        }
    }
}
