package io.auspex.promql;

/**
 * Float samples in the reference's XOR chunk format: a count, the first sample, and each further one as difference of
 * differences of times and XOR of values. Kept and reused. Not thread-safe.
 */
final class XorChunk {
    /** Samples of a full chunk, as the reference cuts them. */
    static final int MAX_SAMPLES = 120;

    private final ChunkBits bits = new ChunkBits();
    private final XorValue value = new XorValue();

    /** The chunk of samples {@code from} (inclusive) to {@code to} (exclusive), at most {@link #MAX_SAMPLES}. */
    byte[] encode(long[] times, double[] values, int from, int to) {
        bits.clear();
        bits.write(to - from, 16);
        long delta = 0;
        for (int i = from; i < to; i++) {
            if (i == from) {
                bits.varint(times[i] << 1 ^ times[i] >> 63);
                value.first(values[i], bits);
                continue;
            }
            long next = times[i] - times[i - 1];
            if (i == from + 1) {
                bits.varint(next);
            } else {
                deltaOfDelta(next - delta);
            }
            delta = next;
            value.next(values[i], bits);
        }
        return bits.toByteArray();
    }

    private void deltaOfDelta(long difference) {
        if (difference == 0) {
            bits.write(0, 1);
        } else if (ChunkBits.fits(difference, 14)) {
            bits.write(0b10, 2);
            bits.write(difference, 14);
        } else if (ChunkBits.fits(difference, 17)) {
            bits.write(0b110, 3);
            bits.write(difference, 17);
        } else if (ChunkBits.fits(difference, 20)) {
            bits.write(0b1110, 4);
            bits.write(difference, 20);
        } else {
            bits.write(0b1111, 4);
            bits.write(difference, 64);
        }
    }
}
