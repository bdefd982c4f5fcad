package io.auspex.codec;

import java.util.Arrays;

/** Reads what {@link ChunkEncoder} wrote. Keeps scratch space; not thread-safe. */
public final class ChunkDecoder {
    private final LongBlock block = new LongBlock();
    private long[] integers = new long[128];

    /** Reads {@code count} timestamps into {@code into[at..]}. */
    public void timestamps(ByteReader in, int count, long[] into, int at) {
        if (count > 0) {
            block.read(in, count, into, at);
        }
    }

    /** Reads {@code count} values into {@code into[at..]}. */
    public void values(ByteReader in, int count, double[] into, int at) {
        if (count == 0) {
            return;
        }
        int form = in.readByte();
        int scale = form >>> ValueForm.SCALE_SHIFT;
        if (scale > Decimals.MAX_SCALE) {
            throw FormatException.corrupt("decimal scale " + scale);
        }
        switch (form & ValueForm.FORM_MASK) {
            case ValueForm.CONSTANT_DECIMAL ->
                Arrays.fill(into, at, at + count, in.readZigzag() / Decimals.power(scale));
            case ValueForm.CONSTANT_BITS -> Arrays.fill(into, at, at + count, Double.longBitsToDouble(in.readLong()));
            case ValueForm.DECIMAL -> readDecimals(in, count, form, into, at);
            case ValueForm.BITS -> readBits(in, count, into, at);
            case ValueForm.XOR -> XorStream.read(in, count, into, at);
            default -> throw FormatException.corrupt("value form " + form);
        }
    }

    private void readDecimals(ByteReader in, int count, int form, double[] into, int at) {
        integers(in, count);
        int scale = form >>> ValueForm.SCALE_SHIFT;
        if (scale == 0) {
            for (int i = 0; i < count; i++) {
                into[at + i] = integers[i];
            }
        } else {
            double power = Decimals.power(scale);
            for (int i = 0; i < count; i++) {
                into[at + i] = integers[i] / power;
            }
        }
        if ((form & ValueForm.SPECIALS) != 0) {
            int specials = in.readBounded(count, "number of special values");
            int position = -1;
            for (int i = 0; i < specials; i++) {
                position += 1 + in.readBounded(count, "gap between special values");
                if (position >= count) {
                    throw FormatException.corrupt("special value at " + position + " of " + count);
                }
                into[at + position] = Double.longBitsToDouble(ValueForm.readSpecial(in));
            }
        }
    }

    private void readBits(ByteReader in, int count, double[] into, int at) {
        int shift = in.readByte();
        if (shift > 63) {
            throw FormatException.corrupt("shift of bit patterns by " + shift);
        }
        integers(in, count);
        for (int i = 0; i < count; i++) {
            into[at + i] = Double.longBitsToDouble(ValueForm.ordered(integers[i] << shift));
        }
    }

    private void integers(ByteReader in, int count) {
        if (integers.length < count) {
            integers = new long[Math.max(count, integers.length * 2)];
        }
        block.read(in, count, integers, 0);
    }
}
