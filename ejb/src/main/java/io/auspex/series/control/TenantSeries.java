package io.auspex.series.control;

import io.auspex.series.LabelIndex;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesMap;
import java.util.HashMap;
import java.util.Map;

/**
 * One tenant's series in memory: by identity, by label, and where the next one will be packed.
 *
 * <p>{@link #map} and {@link #index} are read freely; what changes them holds this object's monitor.
 */
final class TenantSeries {
    /** Series packed together: few enough for a query of one series, enough to share timestamps (ADR 022). */
    static final int SEGMENT_SIZE = 32;

    /** The first series of each metric share segments, so that rare metrics do not fill the table with tiny packs. */
    static final int SHARED_SERIES = 4;

    final SeriesMap map = new SeriesMap();
    final LabelIndex index = new LabelIndex();

    /** Series that are being erased by another node: nobody may write to them until that has ended. */
    final Map<SeriesIdentity, Integer> closed = new HashMap<>();

    private final Map<String, OpenSegment> byMetric = new HashMap<>();
    private final OpenSegment shared = new OpenSegment();

    /** Series with samples in the head when that was last counted, and those created since. */
    volatile int active;

    /** A segment with room, or a full one. */
    private static final class OpenSegment {
        int metricSeries;
        long segment;
        int used = SEGMENT_SIZE;
    }

    /** Where a series is packed. */
    record Place(long segment, int slot) {}

    /** Takes the next place for a series of a metric; a new segment has the number of its first series. */
    Place place(String metric, long seriesId) {
        OpenSegment open = openSegment(metric);
        if (open.used == SEGMENT_SIZE) {
            open.segment = seriesId;
            open.used = 0;
        }
        return new Place(open.segment, open.used++);
    }

    /** Repeats, at start-up and in order of ids, what {@link #place} did. */
    void placed(String metric, long segment, int slot) {
        OpenSegment open = openSegment(metric);
        open.segment = segment;
        open.used = slot + 1;
    }

    private OpenSegment openSegment(String metric) {
        OpenSegment own = byMetric.computeIfAbsent(metric, absent -> new OpenSegment());
        own.metricSeries++;
        return own.metricSeries <= SHARED_SERIES ? shared : own;
    }
}
