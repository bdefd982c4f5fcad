package io.auspex.series;

import java.util.List;
import java.util.SortedSet;

/**
 * One tenant's series, for reading. The tenant was bound when the reader was made, so no text of a query can
 * reach another's data.
 *
 * <p>Time ranges are inclusive on both ends, in Unix milliseconds. Thread-safe; a cursor is not.
 */
public interface SampleReader {
    /** Series that match all matchers and have samples in the range, with those samples. */
    SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis);

    /** As above; where samples have ended, aggregates that serve the use stand in for them. */
    default SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis, ReadHint hint) {
        return select(matchers, fromMillis, toMillis);
    }

    /** The label sets of series that match all matchers and may have samples in the range. */
    List<Labels> series(List<Matcher> matchers, long fromMillis, long toMillis);

    /** How many series match all matchers, whenever they have samples; cheap where an index can tell. */
    default int count(List<Matcher> matchers) {
        return series(matchers, Long.MIN_VALUE, Long.MAX_VALUE).size();
    }

    SortedSet<String> labelNames(List<Matcher> matchers, long fromMillis, long toMillis);

    SortedSet<String> labelValues(String name, List<Matcher> matchers, long fromMillis, long toMillis);
}
