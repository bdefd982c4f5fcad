package io.auspex.ingest;

/** The unit in which an Influx client writes timestamps. */
public enum TimePrecision {
    NANOSECONDS(0, 1_000_000),
    MICROSECONDS(0, 1_000),
    MILLISECONDS(1, 0),
    SECONDS(1_000, 0),
    MINUTES(60_000, 0),
    HOURS(3_600_000, 0);

    private final long factor;
    private final long divisor;

    TimePrecision(long factor, long divisor) {
        this.factor = factor;
        this.divisor = divisor;
    }

    /** Unix milliseconds, rounded down; {@link ArithmeticException} when they do not fit a long. */
    long toMillis(long timestamp) {
        return divisor > 0 ? Math.floorDiv(timestamp, divisor) : Math.multiplyExact(timestamp, factor);
    }
}
