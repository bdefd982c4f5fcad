package io.auspex.ingest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import org.jspecify.annotations.Nullable;

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

    /**
     * The unit that a client names, nanoseconds when it names none.
     *
     * @throws AuspexException BAD_DATA when there is no such unit
     */
    public static TimePrecision of(@Nullable String name) {
        return switch (name == null ? "" : name) {
            case "", "n", "ns" -> NANOSECONDS;
            case "u", "us", "µ", "µs" -> MICROSECONDS;
            case "ms" -> MILLISECONDS;
            case "s" -> SECONDS;
            case "m" -> MINUTES;
            case "h" -> HOURS;
            default -> throw new AuspexException(Code.BAD_DATA, "precision must be n, u, ms, s, m or h, got " + name);
        };
    }

    /** Unix milliseconds, rounded down; {@link ArithmeticException} when they do not fit a long. */
    long toMillis(long timestamp) {
        return divisor > 0 ? Math.floorDiv(timestamp, divisor) : Math.multiplyExact(timestamp, factor);
    }
}
