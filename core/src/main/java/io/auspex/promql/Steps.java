package io.auspex.promql;

/**
 * The times at which a query is evaluated: {@code count} of them, {@code interval} apart, beginning at
 * {@code start}, in Unix milliseconds.
 */
public record Steps(long start, long interval, int count) {
    /** More steps than any caller may ask for; the HTTP API stops far below. */
    static final int MAX_COUNT = 50_000_000;

    public Steps {
        if (interval <= 0 || count < 0) {
            throw new IllegalArgumentException(
                    "interval must be positive and count not negative, got " + interval + " and " + count);
        }
    }

    /** One time. */
    public static Steps at(long epochMillis) {
        return new Steps(epochMillis, 1, 1);
    }

    /**
     * From start to at most end, both inclusive; none when end is before start.
     *
     * @throws QueryException when the interval is not positive, or there are too many
     */
    public static Steps range(long startMillis, long endMillis, long intervalMillis) {
        if (intervalMillis <= 0) {
            throw QueryException.badData(
                    "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        if (endMillis < startMillis) {
            return new Steps(startMillis, intervalMillis, 0);
        }
        long count = (endMillis - startMillis) / intervalMillis + 1;
        if (count > MAX_COUNT) {
            throw QueryException.tooManySamples();
        }
        return new Steps(startMillis, intervalMillis, (int) count);
    }

    public long time(int step) {
        return start + step * interval;
    }

    /** The last time. */
    public long end() {
        return time(Math.max(0, count - 1));
    }

    /** Only the first of these times. */
    Steps first() {
        return new Steps(start, interval, Math.min(1, count));
    }
}
