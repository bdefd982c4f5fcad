package io.auspex.codec;

/**
 * Values as the XOR with the one before, in the bit layout of Gorilla (Pelkonen et al., VLDB 2015): 0 for no change,
 * 10 and the bits within the last window, 11 and a new window of 5 bits leading zeros and 6 bits length less one.
 */
final class XorStream {
    private static final int MAX_LEADING = 31;

    private XorStream() {}

    /** The size in bits that {@link #write} would need. */
    static long cost(double[] values, int from, int count) {
        long total = 64;
        int leading = 65;
        int trailing = 0;
        long previous = Double.doubleToRawLongBits(values[from]);
        for (int i = 1; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[from + i]);
            long xor = bits ^ previous;
            previous = bits;
            if (xor == 0) {
                total += 1;
                continue;
            }
            int lead = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(xor));
            int trail = Long.numberOfTrailingZeros(xor);
            if (lead >= leading && trail >= trailing) {
                total += 2 + 64 - leading - trailing;
            } else {
                leading = lead;
                trailing = trail;
                total += 13 + 64 - leading - trailing;
            }
        }
        return total;
    }

    static void write(double[] values, int from, int count, ByteWriter out) {
        BitSink bits = new BitSink(out);
        int leading = 65;
        int trailing = 0;
        long previous = Double.doubleToRawLongBits(values[from]);
        bits.write(previous, 64);
        for (int i = 1; i < count; i++) {
            long current = Double.doubleToRawLongBits(values[from + i]);
            long xor = current ^ previous;
            previous = current;
            if (xor == 0) {
                bits.write(0, 1);
                continue;
            }
            int lead = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(xor));
            int trail = Long.numberOfTrailingZeros(xor);
            if (lead >= leading && trail >= trailing) {
                bits.write(0b10, 2);
            } else {
                leading = lead;
                trailing = trail;
                bits.write(0b11, 2);
                bits.write(lead, 5);
                bits.write(63L - lead - trail, 6);
            }
            bits.write(xor >>> trailing, 64 - leading - trailing);
        }
        bits.flush();
    }

    static void read(ByteReader in, int count, double[] into, int at) {
        BitSource bits = new BitSource(in);
        long value = bits.read(64);
        into[at] = Double.longBitsToDouble(value);
        int length = 0;
        int trailing = 0;
        for (int i = 1; i < count; i++) {
            if (bits.read(1) != 0) {
                if (bits.read(1) != 0) {
                    int leading = (int) bits.read(5);
                    length = (int) bits.read(6) + 1;
                    trailing = 64 - leading - length;
                }
                if (length == 0 || trailing < 0) {
                    throw FormatException.corrupt("XOR window of " + length + " bits at sample " + i);
                }
                value ^= bits.read(length) << trailing;
            }
            into[at + i] = Double.longBitsToDouble(value);
        }
    }

    /** Bits, the most significant first. */
    private static final class BitSink {
        private final ByteWriter out;
        private int current;
        private int free = 8;

        BitSink(ByteWriter out) {
            this.out = out;
        }

        void write(long value, int count) {
            int left = count;
            while (left > 0) {
                int take = Math.min(left, free);
                int part = (int) (value >>> (left - take)) & ((1 << take) - 1);
                current |= part << (free - take);
                free -= take;
                left -= take;
                if (free == 0) {
                    flush();
                }
            }
        }

        void flush() {
            if (free < 8) {
                out.writeByte(current);
                current = 0;
                free = 8;
            }
        }
    }

    private static final class BitSource {
        private final ByteReader in;
        private int current;
        private int left;

        BitSource(ByteReader in) {
            this.in = in;
        }

        long read(int count) {
            long value = 0;
            int needed = count;
            while (needed > 0) {
                if (left == 0) {
                    current = in.readByte();
                    left = 8;
                }
                int take = Math.min(needed, left);
                value = value << take | (current >>> (left - take) & ((1 << take) - 1));
                left -= take;
                needed -= take;
            }
            return value;
        }
    }
}
