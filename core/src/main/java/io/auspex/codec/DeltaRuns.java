package io.auspex.codec;

/**
 * Integers as differences, where equal differences that follow each other are written once: varint
 * {@code length << 1 | 1} and the difference, or {@code length << 1} and that many differences.
 */
final class DeltaRuns {
    /** Shorter runs cost more as runs than as single differences. */
    private static final int MIN_RUN = 3;

    private DeltaRuns() {}

    static void write(long[] values, int count, ByteWriter out) {
        int literalFrom = 0;
        int i = 0;
        while (i < count) {
            int end = runEnd(values, count, i);
            if (end - i >= MIN_RUN) {
                writeLiterals(values, literalFrom, i, out);
                out.writeVarint((long) (end - i) << 1 | 1);
                out.writeZigzag(difference(values, i));
                literalFrom = end;
            }
            i = end;
        }
        writeLiterals(values, literalFrom, count, out);
    }

    private static int runEnd(long[] values, int count, int from) {
        long difference = difference(values, from);
        int end = from + 1;
        while (end < count && values[end] - values[end - 1] == difference) {
            end++;
        }
        return end;
    }

    private static long difference(long[] values, int i) {
        return i == 0 ? values[0] : values[i] - values[i - 1];
    }

    private static void writeLiterals(long[] values, int from, int to, ByteWriter out) {
        if (to > from) {
            out.writeVarint((long) (to - from) << 1);
            for (int i = from; i < to; i++) {
                out.writeZigzag(difference(values, i));
            }
        }
    }

    static void read(ByteReader in, int count, long[] into) {
        long value = 0;
        int i = 0;
        while (i < count) {
            long token = in.readVarint();
            long length = token >>> 1;
            if (length == 0 || length > count - i) {
                throw FormatException.corrupt("run of " + length + " differences at " + i + " of " + count);
            }
            int end = i + (int) length;
            if ((token & 1) != 0) {
                long difference = in.readZigzag();
                while (i < end) {
                    value += difference;
                    into[i++] = value;
                }
            } else {
                while (i < end) {
                    value += in.readZigzag();
                    into[i++] = value;
                }
            }
        }
    }
}
