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

    /** Reads the first {@code needed} of {@code count} values into {@code into[at..]} and goes on behind the last. */
    static void unpack(ByteReader in, int count, int needed, int width, long[] into, int at) {
        if (width == 0) {
            Arrays.fill(into, at, at + needed, 0);
            return;
        }
        byte[] bytes = in.array();
        int start = in.position();
        in.skip(packedLength(count, width));
        int fast = width > 56 ? 0 : fastCount(bytes.length - start, width, needed);
        long mask = mask(width);
        int done = width > 14 ? 0 : unpackEights(bytes, start, width, mask, fast, into, at);
        int bit = done * width;
        for (int i = done; i < fast; i++) {
            into[at + i] = (long) LONG.get(bytes, start + (bit >>> 3)) >>> (bit & 7) & mask;
            bit += width;
        }
        for (int i = fast; i < needed; i++) {
            into[at + i] = slow(bytes, start, (long) i * width, width) & mask;
        }
    }

    /** Eight values begin where a byte begins, and four of 14 bits at most are in the eight bytes from there on. */
    private static int unpackEights(byte[] bytes, int start, int width, long mask, int count, long[] into, int at) {
        int eights = count & ~7;
        int from = start;
        int half = 4 * width;
        for (int i = at; i < at + eights; i += 8) {
            long word = (long) LONG.get(bytes, from);
            into[i] = word & mask;
            into[i + 1] = word >>> width & mask;
            into[i + 2] = word >>> (2 * width) & mask;
            into[i + 3] = word >>> (3 * width) & mask;
            word = (long) LONG.get(bytes, from + (half >>> 3)) >>> (half & 7);
            into[i + 4] = word & mask;
            into[i + 5] = word >>> width & mask;
            into[i + 6] = word >>> (2 * width) & mask;
            into[i + 7] = word >>> (3 * width) & mask;
            from += width;
        }
        return eights;
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
