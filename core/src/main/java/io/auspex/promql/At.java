package io.auspex.promql;

/**
 * The {@code @} modifier: a fixed evaluation time of a selector.
 *
 * @param millis Unix milliseconds of a {@link Kind#TIMESTAMP}; zero otherwise
 */
public record At(Kind kind, long millis) {
    /** What the time refers to. */
    public enum Kind {
        TIMESTAMP,
        /** {@code @ start()}: the start of the query's range. */
        START,
        /** {@code @ end()}: the end of the query's range. */
        END
    }

    public static final At START = new At(Kind.START, 0);
    public static final At END = new At(Kind.END, 0);

    public static At timestamp(long epochMillis) {
        return new At(Kind.TIMESTAMP, epochMillis);
    }

    /** The time in Unix milliseconds, for a query over the given range. */
    public long resolve(long startMillis, long endMillis) {
        return switch (kind) {
            case TIMESTAMP -> millis;
            case START -> startMillis;
            case END -> endMillis;
        };
    }
}
