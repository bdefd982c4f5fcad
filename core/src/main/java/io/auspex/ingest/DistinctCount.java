package io.auspex.ingest;

import java.nio.charset.StandardCharsets;

/**
 * An estimate of how many different texts were seen, in 256 bytes: HyperLogLog, within about 7 % (one in three times
 * more). Not thread-safe.
 */
public final class DistinctCount {
    private static final int REGISTERS = 256;
    private static final int INDEX_BITS = 8;
    private static final double ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

    private final byte[] ranks = new byte[REGISTERS];

    public void add(String text) {
        long[] high = new long[1];
        long[] low = new long[1];
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        io.auspex.codec.Hash128.hash(bytes, 0, bytes.length, high, low, 0);
        int index = (int) (high[0] >>> (Long.SIZE - INDEX_BITS));
        int rank = Long.numberOfLeadingZeros(high[0] << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1;
        ranks[index] = (byte) Math.max(ranks[index], rank);
    }

    public long estimate() {
        double sum = 0;
        int zeros = 0;
        for (byte rank : ranks) {
            sum += 1.0 / (1L << rank);
            zeros += rank == 0 ? 1 : 0;
        }
        double estimate = ALPHA * REGISTERS * REGISTERS / sum;
        if (estimate <= 2.5 * REGISTERS && zeros > 0) {
            estimate = REGISTERS * Math.log((double) REGISTERS / zeros); // few: count the empty ones
        }
        return Math.round(estimate);
    }
}
