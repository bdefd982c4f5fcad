package io.auspex.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Unsigned integers of one width, 0 to 64 bits, one after the other in a little-endian bit stream. */
final class BitPacking {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BitPacking() {}

    static int packedLength(int count, int width) {
        return (int) (((long) count * width + 7) >>> 3);
    }

    /** Packs the low {@code width} bits of each value. */
    static void pack(long[] values, int count, int width, ByteWriter out) {
        if (width == 0) {
            return;
        }
        int length = packedLength(count, width);
        out.ensure(length + Long.BYTES);
        byte[] bytes = out.array();
        int at = out.size();
        long mask = mask(width);
        long word = 0;
        int used = 0;
        for (int i = 0; i < count; i++) {
            long value = values[i] & mask;
            word |= value << used;
            used += width;
            if (used >= Long.SIZE) {
                LONG.set(bytes, at, word);
                at += Long.BYTES;
                used -= Long.SIZE;
                // A shift by 64 is a shift by 0 in Java, so a word that ended exactly here must start empty.
                word = used == 0 ? 0 : value >>> (width - used);
            }
        }
        LONG.set(bytes, at, word);
        out.advance(length);
    }

    /** Reads {@code count} values into {@code into[at..]}. */
    static void unpack(ByteReader in, int count, int width, long[] into, int at) {
        if (width == 0) {
            Arrays.fill(into, at, at + count, 0);
            return;
        }
        byte[] bytes = in.array();
        int start = in.position();
        in.skip(packedLength(count, width));
        int fast = width > 56 ? 0 : fastCount(bytes.length - start, width, count);
        long mask = mask(width);
        int bit = 0;
        for (int i = 0; i < fast; i++) {
            into[at + i] = (long) LONG.get(bytes, start + (bit >>> 3)) >>> (bit & 7) & mask;
            bit += width;
        }
        for (int i = fast; i < count; i++) {
            into[at + i] = slow(bytes, start, (long) i * width, width) & mask;
        }
    }

    /** How many values can be read by eight bytes at once without leaving the array. */
    private static int fastCount(int available, int width, int count) {
        if (available < Long.BYTES) {
            return 0;
        }
        long lastBit = (available - Long.BYTES) * 8L + 7;
        return (int) Math.min(count, lastBit / width + 1);
    }

    private static long slow(byte[] bytes, int start, long bit, int width) {
        int first = start + (int) (bit >>> 3);
        int shift = (int) (bit & 7);
        long value = (bytes[first] & 0xffL) >>> shift;
        int have = 8 - shift;
        for (int i = first + 1; have < width; i++, have += 8) {
            value |= (bytes[i] & 0xffL) << have;
        }
        return value;
    }

    private static long mask(int width) {
        return width == 64 ? -1L : (1L << width) - 1;
    }
}
