package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleReader;
import io.auspex.series.SeriesCursor;
import io.auspex.series.StaleMarker;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The newest float sample of each series at its own time, as federation hands them on. */
public final class LatestSamples {
    /** A sample; time in Unix milliseconds. */
    public record Latest(long epochMillis, double value) {}

    private LatestSamples() {}

    /**
     * The newest samples of series that match any of the selectors, sorted by labels: at most a look-back old, no
     * stale markers, no native histograms, which the text format cannot tell.
     */
    public static SortedMap<Labels, Latest> of(
            SampleReader reader,
            List<List<Matcher>> selectors,
            long nowMillis,
            long lookbackMillis,
            QueryLimits limits,
            QueryGuard guard) {
        SortedMap<Labels, Latest> found = new TreeMap<>();
        for (List<Matcher> matchers : selectors) {
            try (SeriesCursor cursor = reader.select(matchers, nowMillis - lookbackMillis + 1, nowMillis)) {
                while (cursor.next()) {
                    guard.require();
                    add(cursor.labels(), cursor.samples(), found);
                    if (found.size() > limits.maxSeries()) {
                        throw QueryException.tooManySeries(limits.maxSeries());
                    }
                }
            }
        }
        return found;
    }

    private static void add(Labels labels, SampleColumn samples, Map<Labels, Latest> found) {
        int last = samples.size() - 1;
        if (last >= 0 && samples.histogram(last) == null && !StaleMarker.is(samples.value(last))) {
            found.put(labels, new Latest(samples.timestamp(last), samples.value(last)));
        }
    }
}
