package io.auspex.ingest.control;

import io.auspex.ingest.DistinctCount;
import io.auspex.ingest.SeriesGrowth;
import io.auspex.series.Labels;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which metrics and labels bring new series, tenant by tenant: the cause when a limit is reached.
 *
 * <p>Looks at the last ten minutes or so. Bounded by {@link #MOST_METRICS} metrics a tenant and {@link #MOST_LABELS}
 * labels a metric; a metric that brings few series makes room for one that brings more.
 */
@ApplicationScoped
public class CardinalityWatch {
    private static final int MOST_METRICS = 50;
    private static final int MOST_LABELS = 32;
    static final int MOST_TEXT = 200;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration OPEN = Duration.ofMinutes(1);

    @Inject
    Clock clock;

    private final ConcurrentHashMap<TenantId, Window> tenants = new ConcurrentHashMap<>();

    private static final class LabelWatch {
        final DistinctCount values = new DistinctCount();
        String example = "";
    }

    private static final class MetricWatch {
        long created;
        long refused;
        /** Of the metric whose place it took; it keeps the place, and is not told to anybody. */
        long inherited;

        final Map<String, LabelWatch> labels = new HashMap<>();

        long rank() {
            return created + refused + inherited;
        }
    }

    private static final class Window {
        Instant since;

        @Nullable
        Instant lastRefused;

        long created;
        long refused;
        final Map<String, MetricWatch> metrics = new HashMap<>();

        Window(Instant since) {
            this.since = since;
        }
    }

    /** Notes a series that a tenant's sender named for the first time, and whether it was taken. */
    void note(TenantId tenant, Labels series, boolean taken) {
        Instant now = clock.instant();
        Window window = tenants.computeIfAbsent(tenant, absent -> new Window(now));
        synchronized (window) {
            if (window.since.plus(WINDOW).isBefore(now)) {
                window.since = now;
                window.created = 0;
                window.refused = 0;
                window.metrics.clear();
            }
            window.created += taken ? 1 : 0;
            window.refused += taken ? 0 : 1;
            window.lastRefused = taken ? window.lastRefused : now;
            MetricWatch metric = metric(window, cut(series.metric()));
            metric.created += taken ? 1 : 0;
            metric.refused += taken ? 0 : 1;
            series.forEach((name, value) -> {
                if (!name.equals(Labels.METRIC_NAME)) {
                    label(metric, name, value);
                }
            });
        }
    }

    private static void label(MetricWatch metric, String name, String value) {
        LabelWatch known = metric.labels.get(name);
        if (known == null && metric.labels.size() < MOST_LABELS) {
            known = new LabelWatch();
            metric.labels.put(name, known);
        }
        if (known != null) {
            known.values.add(value);
            known.example = cut(value);
        }
    }

    /** The watch of a metric; one that is new takes the place, and the rank, of the one with the fewest series. */
    private static MetricWatch metric(Window window, String name) {
        MetricWatch known = window.metrics.get(name);
        if (known != null) {
            return known;
        }
        MetricWatch added = new MetricWatch();
        if (window.metrics.size() >= MOST_METRICS) {
            Map.Entry<String, MetricWatch> least = window.metrics.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().rank()))
                    .orElseThrow();
            window.metrics.remove(least.getKey());
            added.inherited = least.getValue().rank();
        }
        window.metrics.put(name, added);
        return added;
    }

    private static String cut(String text) {
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
    }

    /** What a tenant's new series are at this moment. */
    public SeriesGrowth growth(TenantId tenant, int mostMetrics) {
        Instant now = clock.instant();
        Window window = tenants.get(tenant);
        if (window == null) {
            return new SeriesGrowth(now, false, 0, 0, List.of());
        }
        synchronized (window) {
            Instant refused = window.lastRefused;
            List<SeriesGrowth.Metric> metrics = window.metrics.entrySet().stream()
                    .map(entry -> growth(entry.getKey(), entry.getValue()))
                    .sorted(Comparator.comparingLong(
                            (SeriesGrowth.Metric metric) -> -metric.created() - metric.refused()))
                    .limit(mostMetrics)
                    .toList();
            return new SeriesGrowth(
                    window.since,
                    refused != null && refused.plus(OPEN).isAfter(now),
                    window.created,
                    window.refused,
                    metrics);
        }
    }

    private static SeriesGrowth.Metric growth(String name, MetricWatch metric) {
        List<SeriesGrowth.Label> labels = metric.labels.entrySet().stream()
                .map(entry -> new SeriesGrowth.Label(
                        entry.getKey(), entry.getValue().values.estimate(), entry.getValue().example))
                .sorted(Comparator.comparingLong((SeriesGrowth.Label label) -> -label.values()))
                .limit(5)
                .toList();
        return new SeriesGrowth.Metric(name, metric.created, metric.refused, labels);
    }
}
