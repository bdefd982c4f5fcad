package io.auspex.codec;

import java.util.Arrays;

/** Reads what {@link ChunkEncoder} wrote. Keeps scratch space; not thread-safe. */
public final class ChunkDecoder {
    private final LongBlock block = new LongBlock();
    private long[] integers = new long[128];

    /** Reads {@code count} timestamps into {@code into[at..]}. */
    public void timestamps(ByteReader in, int count, long[] into, int at) {
        if (count > 0) {
            block.read(in, count, count, into, at);
        }
    }

    /** Goes on behind {@code count} timestamps without reading them. */
    void skipTimestamps(ByteReader in, int count) {
        if (count > 0) {
            block.skip(in, count);
        }
    }

    /** Reads {@code count} values into {@code into[at..]}. */
    public void values(ByteReader in, int count, double[] into, int at) {
        values(in, count, count, into, at);
    }

    /** Reads the first {@code needed} of {@code count} values; where the reader stands afterwards is not said. */
    void values(ByteReader in, int count, int needed, double[] into, int at) {
        if (needed == 0) {
            return;
        }
        int form = in.readByte();
        int scale = form >>> ValueForm.SCALE_SHIFT;
        if (scale > Decimals.MAX_SCALE) {
            throw FormatException.corrupt("decimal scale " + scale);
        }
        switch (form & ValueForm.FORM_MASK) {
            case ValueForm.CONSTANT_DECIMAL ->
                Arrays.fill(into, at, at + needed, in.readZigzag() / Decimals.power(scale));
            case ValueForm.CONSTANT_BITS -> Arrays.fill(into, at, at + needed, Double.longBitsToDouble(in.readLong()));
            case ValueForm.DECIMAL -> readDecimals(in, count, needed, form, into, at);
            case ValueForm.BITS -> readBits(in, count, needed, into, at);
            case ValueForm.XOR -> XorStream.read(in, needed, into, at);
            default -> throw FormatException.corrupt("value form " + form);
        }
    }

    private void readDecimals(ByteReader in, int count, int needed, int form, double[] into, int at) {
        integers(in, count, needed);
        int scale = form >>> ValueForm.SCALE_SHIFT;
        if (scale == 0) {
            for (int i = 0; i < needed; i++) {
                into[at + i] = integers[i];
            }
        } else {
            double power = Decimals.power(scale);
            for (int i = 0; i < needed; i++) {
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
                long bits = ValueForm.readSpecial(in);
                if (position < needed) {
                    into[at + position] = Double.longBitsToDouble(bits);
                }
            }
        }
    }

    private void readBits(ByteReader in, int count, int needed, double[] into, int at) {
        int shift = in.readByte();
        if (shift > 63) {
            throw FormatException.corrupt("shift of bit patterns by " + shift);
        }
        integers(in, count, needed);
        for (int i = 0; i < needed; i++) {
            into[at + i] = Double.longBitsToDouble(ValueForm.ordered(integers[i] << shift));
        }
    }

    private void integers(ByteReader in, int count, int needed) {
        if (integers.length < needed) {
            integers = new long[Math.max(needed, integers.length * 2)];
        }
        block.read(in, count, needed, integers, 0);
    }
}
