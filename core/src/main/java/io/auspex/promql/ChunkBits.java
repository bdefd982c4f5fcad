package io.auspex.promql;

import java.util.Arrays;

/** The bits of a chunk in the reference's formats, the highest of each number first. Kept and reused. Not thread-safe. */
final class ChunkBits {
    private static final int[] WIDTHS = {3, 6, 9, 12, 18, 25, 56};

    private byte[] bytes = new byte[512];
    private long bits;

    void clear() {
        Arrays.fill(bytes, (byte) 0);
        bits = 0;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, (int) ((bits + 7) >>> 3));
    }

    /** The lowest bits of a value. */
    void write(long value, int width) {
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

    void real(double value) {
        write(Double.doubleToRawLongBits(value), 64);
    }

    /** Seven bits a byte, as in protobuf. */
    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            write((rest & 0x7f) | 0x80, 8);
            rest >>>= 7;
        }
        write(rest, 8);
    }

    /** A signed number in as few bits as the format has for it: so many ones, a zero, and the number. */
    void varbitSigned(long value) {
        if (value == 0) {
            write(0, 1);
            return;
        }
        for (int i = 0; i < WIDTHS.length; i++) {
            if (fits(value, WIDTHS[i])) {
                prefixed(i, value, WIDTHS[i]);
                return;
            }
        }
        write(0xff, 8);
        write(value, 64);
    }

    /** As {@link #varbitSigned} for numbers that are not negative. */
    void varbit(long value) {
        if (value == 0) {
            write(0, 1);
            return;
        }
        for (int i = 0; i < WIDTHS.length; i++) {
            if (Long.numberOfLeadingZeros(value) >= 64 - WIDTHS[i]) {
                prefixed(i, value, WIDTHS[i]);
                return;
            }
        }
        write(0xff, 8);
        write(value, 64);
    }

    private void prefixed(int place, long value, int width) {
        write((1L << (place + 2)) - 2, place + 2);
        write(value, width);
    }

    /** Whether a number has a place in so many bits; the greatest is one more than in two's complement. */
    static boolean fits(long value, int width) {
        return -((1L << (width - 1)) - 1) <= value && value <= 1L << (width - 1);
    }
}
