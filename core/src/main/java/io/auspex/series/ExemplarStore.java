package io.auspex.series;

import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import java.util.List;
import java.util.SortedMap;

/**
 * Where exemplars are kept: durable, and of each tenant the latest so many.
 *
 * <p>Times are Unix milliseconds.
 */
public interface ExemplarStore {
    /**
     * Stores exemplars; those that are there already (series, time and labels) stay as they are.
     *
     * @return how many are stored now, none when the store is switched off
     * @throws AuspexException UNAVAILABLE when nothing was stored
     */
    int append(TenantId tenant, List<SeriesExemplar> exemplars);

    /**
     * The exemplars of the series that match all matchers, in a range of time that is inclusive on both ends: by
     * series, each in order of time, at most {@code limit} together.
     *
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there
     */
    SortedMap<Labels, List<Exemplar>> find(
            TenantId tenant, List<Matcher> matchers, long fromMillis, long toMillis, int limit);
}
