package io.auspex.series;

import java.util.Arrays;
import java.util.Optional;

/** How finely the past is kept: samples as they came, or aggregates over buckets of one width. */
public enum Tier {
    RAW("raw", 0, 15),
    MINUTE("1m", 60_000, 30),
    FIVE_MINUTES("5m", 300_000, 90),
    HOUR("1h", 3_600_000, 365),
    DAY("1d", 86_400_000, 365);

    private final String label;
    private final long bucketMillis;
    private final int defaultDays;

    Tier(String label, long bucketMillis, int defaultDays) {
        this.label = label;
        this.bucketMillis = bucketMillis;
        this.defaultDays = defaultDays;
    }

    /** As tables, policies and statistics name it. */
    public String label() {
        return label;
    }

    /** Width of a bucket, 0 for raw samples. */
    public long bucketMillis() {
        return bucketMillis;
    }

    /** How long it is kept where nobody has said otherwise. */
    public int defaultDays() {
        return defaultDays;
    }

    public boolean isRaw() {
        return this == RAW;
    }

    public static Optional<Tier> of(String label) {
        return Arrays.stream(values()).filter(tier -> tier.label.equals(label)).findFirst();
    }
}
