package io.auspex.series;

/**
 * The series of a selection, one after the other, in no promised order.
 *
 * <p>{@link #labels()} and {@link #samples()} belong to the current series; the column is reused and valid
 * only until the next call of {@link #next()}. Not thread-safe.
 */
public interface SeriesCursor extends AutoCloseable {
    boolean next();

    Labels labels();

    SampleColumn samples();

    /** What has been read so far. */
    default ReadCost cost() {
        return ReadCost.NONE;
    }

    @Override
    void close();
}
