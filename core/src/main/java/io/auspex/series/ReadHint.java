package io.auspex.series;

/**
 * What a query will do with the samples of a selection, so that storage may hand over aggregates where the samples
 * themselves have ended (docs/operations/storage.md).
 *
 * @param use what is done with them
 * @param startMillis the first time at which it is done: a right end of a range
 * @param stepMillis from one such time to the next; 0 when there is one only
 * @param rangeMillis length of the range; the look-back of an instant selector
 */
public record ReadHint(Use use, long startMillis, long stepMillis, long rangeMillis) {
    /** Nothing is known of the use. */
    public static final ReadHint SAMPLES = new ReadHint(Use.SAMPLES, 0, 0, 0);

    /** At least so many buckets shall make up a range whose ends are no bounds of buckets. */
    private static final long UNALIGNED = 10;

    /** At least so many points shall be within a range of which a rate is taken. */
    private static final long POINTS = 4;

    /** What may be done with samples. */
    public enum Use {
        /** Anything: a coarse tier gives the last sample of each bucket. */
        SAMPLES,
        /** The newest sample of a look-back, stale markers included. */
        INSTANT,
        LAST,
        MIN,
        MAX,
        /** A coarse tier gives the sum of each bucket. */
        SUM,
        /** As {@link #SUM}, with the number of samples beside it. */
        AVERAGE,
        /** A coarse tier gives numbers of samples, whatever the values. */
        COUNT,
        /** A coarse tier gives a counter that never begins anew. */
        INCREASE
    }

    /** Whether every range of the query consists of whole buckets of a tier. */
    public boolean isAligned(Tier tier) {
        long width = tier.bucketMillis();
        return startMillis % width == 0 && stepMillis % width == 0 && rangeMillis % width == 0;
    }

    /** Whether buckets of a tier answer the query as well as it may expect; a finer tier does so, too. */
    public boolean isSufficient(Tier tier) {
        long width = tier.bucketMillis();
        return switch (use) {
            case SAMPLES -> tier == Tier.MINUTE;
            case INSTANT -> width <= rangeMillis;
            case LAST, MIN, MAX, SUM, AVERAGE, COUNT ->
                width <= rangeMillis && (isAligned(tier) || width * UNALIGNED <= rangeMillis);
            case INCREASE -> width * POINTS <= rangeMillis;
        };
    }
}
