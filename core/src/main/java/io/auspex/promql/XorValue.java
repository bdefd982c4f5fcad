package io.auspex.promql;

/** A value that is written as what differs from the one before it. */
final class XorValue {
    private static final int NONE = 0xff;

    private long previous;
    private int leading = NONE;
    private int trailing;

    /** Writes the first value as it is. */
    void first(double value, ChunkBits out) {
        previous = Double.doubleToRawLongBits(value);
        leading = NONE;
        trailing = 0;
        out.write(previous, 64);
    }

    void next(double value, ChunkBits out) {
        long bits = Double.doubleToRawLongBits(value);
        long xor = bits ^ previous;
        previous = bits;
        if (xor == 0) {
            out.write(0, 1);
            return;
        }
        out.write(1, 1);
        int newLeading = Math.min(31, Long.numberOfLeadingZeros(xor));
        int newTrailing = Long.numberOfTrailingZeros(xor);
        if (leading != NONE && newLeading >= leading && newTrailing >= trailing) {
            out.write(0, 1);
        } else {
            leading = newLeading;
            trailing = newTrailing;
            out.write(1, 1);
            out.write(leading, 5);
            out.write(64 - leading - trailing, 6);
        }
        out.write(xor >>> trailing, 64 - leading - trailing);
    }
}
