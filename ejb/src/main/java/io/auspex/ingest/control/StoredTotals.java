package io.auspex.ingest.control;

import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.NativeHistogram;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesCursor;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.StaleMarker;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The totals at which series of differences stand, as they were stored last. */
final class StoredTotals {
    private final SampleStore samples;

    StoredTotals(SampleStore samples) {
        this.samples = samples;
    }

    /** The latest sample of a series: a number, or a histogram. */
    record Last(long epochMillis, double value, @Nullable NativeHistogram histogram) {}

    /** The latest samples in a range of those of the series that have one; series of a metric are read together. */
    Map<SeriesIdentity, Last> find(TenantId tenant, Collection<Labels> series, long fromMillis, long toMillis) {
        Map<String, List<Labels>> byMetric = new HashMap<>();
        series.forEach(labels -> byMetric.computeIfAbsent(labels.metric(), metric -> new ArrayList<>())
                .add(labels));
        Map<SeriesIdentity, Last> found = new HashMap<>();
        for (List<Labels> ofMetric : byMetric.values()) {
            Set<Labels> wanted = new HashSet<>(ofMetric);
            try (SeriesCursor cursor = samples.reader(tenant).select(common(ofMetric), fromMillis, toMillis)) {
                while (cursor.next()) {
                    Last last = wanted.contains(cursor.labels()) ? last(cursor.samples()) : null;
                    if (last != null) {
                        found.put(SeriesIdentity.of(cursor.labels()), last);
                    }
                }
            }
        }
        return found;
    }

    /** What all of them have, the metric's name at least. */
    private static List<Matcher> common(List<Labels> series) {
        List<Matcher> matchers = new ArrayList<>();
        series.get(0).forEach((name, value) -> {
            if (series.stream().allMatch(labels -> labels.get(name).equals(value))) {
                matchers.add(Matcher.equal(name, value));
            }
        });
        return matchers;
    }

    private static @Nullable Last last(SampleColumn column) {
        for (int i = column.size() - 1; i >= 0; i--) {
            NativeHistogram histogram = column.histogram(i);
            boolean stale = histogram == null ? StaleMarker.is(column.value(i)) : histogram.isStale();
            if (!stale) {
                return new Last(column.timestamp(i), column.value(i), histogram);
            }
        }
        return null;
    }
}
