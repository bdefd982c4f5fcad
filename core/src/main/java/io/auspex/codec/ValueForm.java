package io.auspex.codec;

/** The first byte of a column of values, and the values that are written by name. A form never changes meaning. */
final class ValueForm {
    static final int CONSTANT_DECIMAL = 0;
    static final int CONSTANT_BITS = 1;
    static final int DECIMAL = 2;
    static final int BITS = 3;
    static final int XOR = 4;
    static final int FORM_MASK = 7;

    /** Set beside {@link #DECIMAL} when special values are listed behind the integers. */
    static final int SPECIALS = 8;

    static final int SCALE_SHIFT = 4;

    /** Bit patterns that have a one-byte name: the stale marker, usual NaNs, infinities and -0.0. */
    private static final long[] NAMED = {
        0x7ff0000000000002L,
        0x7ff8000000000001L,
        0x7ff8000000000000L,
        0x7ff0000000000000L,
        0xfff0000000000000L,
        0x8000000000000000L
    };

    private static final int UNNAMED = 0xff;

    private ValueForm() {}

    static void writeSpecial(long bits, ByteWriter out) {
        for (int i = 0; i < NAMED.length; i++) {
            if (NAMED[i] == bits) {
                out.writeByte(i);
                return;
            }
        }
        out.writeByte(UNNAMED);
        out.writeLong(bits);
    }

    static long readSpecial(ByteReader in) {
        int name = in.readByte();
        if (name == UNNAMED) {
            return in.readLong();
        }
        if (name >= NAMED.length) {
            throw FormatException.corrupt("special value " + name);
        }
        return NAMED[name];
    }

    /** Bits of doubles as integers of the same order; its own inverse. */
    static long ordered(long bits) {
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }
}
