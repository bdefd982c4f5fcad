package io.auspex.ingest;

/**
 * What one request and one series may be at most; part of a tenant's plan.
 *
 * <p>Lengths are bytes of UTF-8. A request beyond {@code maxBodyBytes} (after decompression) is refused whole, a
 * series beyond the other limits by itself.
 */
public record IngestLimits(
        int maxBodyBytes,
        int maxLabels,
        int maxLabelNameBytes,
        int maxLabelValueBytes,
        int maxLabelSetBytes,
        int maxHistogramBuckets) {
    public static final IngestLimits DEFAULT = new IngestLimits(32 << 20, 64, 1_024, 4_096, 16_384, 1_024);

    /** For what was accepted before. */
    static final IngestLimits UNLIMITED = new IngestLimits(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE);

    public IngestLimits {
        positive("maxBodyBytes", maxBodyBytes);
        positive("maxLabels", maxLabels);
        positive("maxLabelNameBytes", maxLabelNameBytes);
        positive("maxLabelValueBytes", maxLabelValueBytes);
        positive("maxLabelSetBytes", maxLabelSetBytes);
        positive("maxHistogramBuckets", maxHistogramBuckets);
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }
}
