package io.auspex.codec;

import java.util.Arrays;

/**
 * Writes columns of timestamps and values in as few bytes as their shape allows, bit by bit reversible
 * (docs/format/chunk.md).
 *
 * <p>Values are tried as decimals: integers times a power of ten up to 10^-9, checked to come back exactly. What is
 * no decimal (stale markers, NaN, infinities, -0.0, the odd full-mantissa number) is listed beside; a column of such
 * values is written as its bit patterns, as ordered integers or by XOR, whichever is smaller.
 *
 * <p>Keeps scratch space; not thread-safe.
 */
public final class ChunkEncoder {
    private final LongBlock block = new LongBlock();
    private long[] integers = new long[128];
    private int[] specials = new int[16];
    private int specialCount;
    private boolean quick;

    /**
     * From now on takes a fraction of the time and a few more bits; for what is soon written anew. What it writes is
     * read like any other.
     */
    public ChunkEncoder quickly(boolean now) {
        quick = now;
        return this;
    }

    private void plan(int count) {
        if (quick) {
            block.planQuickly(integers, count);
        } else {
            block.plan(integers, count);
        }
    }

    /** Writes {@code timestamps[from .. from + count)}. */
    public void timestamps(long[] timestamps, int from, int count, ByteWriter out) {
        if (count == 0) {
            return;
        }
        ensure(count);
        System.arraycopy(timestamps, from, integers, 0, count);
        plan(count);
        block.write(integers, count, out);
    }

    /** Writes {@code values[from .. from + count)}. */
    public void values(double[] values, int from, int count, ByteWriter out) {
        if (count == 0) {
            return;
        }
        ensure(count);
        if (isConstant(values, from, count)) {
            writeConstant(values[from], out);
            return;
        }
        int scale = toDecimals(values, from, count);
        if (scale >= 0) {
            writeDecimals(values, from, count, scale, out);
        } else {
            writeBits(values, from, count, out);
        }
    }

    private void ensure(int count) {
        if (count > LongBlock.MAX_COUNT) {
            throw new IllegalArgumentException("at most " + LongBlock.MAX_COUNT + " samples, got " + count);
        }
        if (integers.length < count) {
            integers = new long[Math.max(count, integers.length * 2)];
        }
    }

    private static boolean isConstant(double[] values, int from, int count) {
        long first = Double.doubleToRawLongBits(values[from]);
        for (int i = 1; i < count; i++) {
            if (Double.doubleToRawLongBits(values[from + i]) != first) {
                return false;
            }
        }
        return true;
    }

    private static void writeConstant(double value, ByteWriter out) {
        int scale = Decimals.scale(value, 0);
        if (scale >= 0) {
            out.writeByte(ValueForm.CONSTANT_DECIMAL | scale << ValueForm.SCALE_SHIFT);
            out.writeZigzag(Decimals.mantissa(value, scale));
        } else {
            out.writeByte(ValueForm.CONSTANT_BITS);
            out.writeLong(Double.doubleToRawLongBits(value));
        }
    }

    /**
     * Fills {@link #integers} with the values times ten to the scale, and {@link #specials} with the positions of
     * those that are no decimals.
     *
     * @return the scale, or -1 when too many values are special for this to pay
     */
    private int toDecimals(double[] values, int from, int count) {
        int mostSpecials = 1 + count / 4;
        specialCount = 0;
        int scale = 0;
        for (int i = 0; i < count; i++) {
            int needed = Decimals.scale(values[from + i], scale);
            if (needed >= 0) {
                scale = needed;
            } else if (++specialCount > mostSpecials) {
                return -1;
            }
        }
        specialCount = 0;
        long previous = 0;
        for (int i = 0; i < count; i++) {
            double value = values[from + i];
            if (Decimals.isExact(value, scale)) {
                previous = Decimals.mantissa(value, scale);
            } else {
                if (specialCount == mostSpecials) {
                    return -1;
                }
                addSpecial(i);
            }
            integers[i] = previous;
        }
        return scale;
    }

    private void addSpecial(int position) {
        if (specialCount == specials.length) {
            specials = Arrays.copyOf(specials, specialCount * 2);
        }
        specials[specialCount++] = position;
    }

    private void writeDecimals(double[] values, int from, int count, int scale, ByteWriter out) {
        // Leading specials have no value before them to repeat; the first regular one keeps the block flat.
        int regular = 0;
        while (regular < specialCount && specials[regular] == regular) {
            regular++;
        }
        for (int i = 0; i < regular && regular < count; i++) {
            integers[i] = integers[regular];
        }
        plan(count);
        out.writeByte(ValueForm.DECIMAL | (specialCount > 0 ? ValueForm.SPECIALS : 0) | scale << ValueForm.SCALE_SHIFT);
        block.write(integers, count, out);
        if (specialCount > 0) {
            writeSpecials(values, from, out);
        }
    }

    private void writeSpecials(double[] values, int from, ByteWriter out) {
        out.writeVarint(specialCount);
        int previous = -1;
        for (int i = 0; i < specialCount; i++) {
            out.writeVarint(specials[i] - previous - 1);
            previous = specials[i];
            ValueForm.writeSpecial(Double.doubleToRawLongBits(values[from + previous]), out);
        }
    }

    private void writeBits(double[] values, int from, int count, ByteWriter out) {
        long all = 0;
        for (int i = 0; i < count; i++) {
            integers[i] = ValueForm.ordered(Double.doubleToRawLongBits(values[from + i]));
            all |= integers[i];
        }
        int shift = Math.min(63, Long.numberOfTrailingZeros(all));
        for (int i = 0; i < count; i++) {
            integers[i] >>= shift;
        }
        long cost = block.plan(integers, count) + 8;
        if (XorStream.cost(values, from, count) < cost) {
            out.writeByte(ValueForm.XOR);
            XorStream.write(values, from, count, out);
        } else {
            out.writeByte(ValueForm.BITS);
            out.writeByte(shift);
            block.write(integers, count, out);
        }
    }
}
