package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts the series of classic histograms together to native ones with custom buckets, as {@code load_with_nhcb} asks. */
final class ClassicToCustom {
    /** What is known of one histogram at one time. */
    private static final class Parts {
        final TreeMap<Double, Double> buckets = new TreeMap<>();
        Double count;
        double sum;
    }

    private final Map<Labels, TreeMap<Long, Parts>> histograms = new HashMap<>();

    static void store(PromqlScript.Load load, MemorySampleReader samples) {
        ClassicToCustom converter = new ClassicToCustom();
        for (SeriesDescription series : load.series()) {
            converter.take(series, load.gapMillis());
        }
        converter.histograms.forEach(
                (labels, times) -> times.forEach((time, parts) -> samples.append(labels, time, convert(parts))));
    }

    private void take(SeriesDescription series, long gapMillis) {
        String name = series.labels().metric();
        for (String suffix : List.of("_bucket", "_count", "_sum")) {
            if (name.endsWith(suffix)) {
                String base = name.substring(0, name.length() - suffix.length());
                Labels labels = series.labels().with(Labels.METRIC_NAME, base).without("le");
                take(series, suffix, histograms.computeIfAbsent(labels, unused -> new TreeMap<>()), gapMillis);
                return;
            }
        }
    }

    private static void take(SeriesDescription series, String suffix, TreeMap<Long, Parts> times, long gapMillis) {
        Double bound = ClassicHistogram.parseBound(series.labels().get("le"));
        if (suffix.equals("_bucket") && (bound == null || bound.isNaN())) {
            return;
        }
        for (int i = 0; i < series.points().size(); i++) {
            SeriesDescription.Point point = series.points().get(i);
            if (point.omitted() || point.histogram() != null) {
                continue;
            }
            Parts parts = times.computeIfAbsent(i * gapMillis, unused -> new Parts());
            switch (suffix) {
                case "_bucket" -> parts.buckets.put(bound, point.value());
                case "_count" -> parts.count = point.value();
                default -> parts.sum = point.value();
            }
        }
    }

    private static NativeHistogram convert(Parts parts) {
        Double infinite = parts.buckets.remove(Double.POSITIVE_INFINITY);
        double last = parts.buckets.isEmpty() ? 0 : parts.buckets.lastEntry().getValue();
        double total = parts.count != null ? parts.count : infinite != null ? infinite : last;
        double[] bounds = new double[parts.buckets.size()];
        double[] counts = new double[bounds.length + 1];
        int i = 0;
        double before = 0;
        for (Map.Entry<Double, Double> bucket : parts.buckets.entrySet()) {
            bounds[i] = bucket.getKey();
            counts[i++] = bucket.getValue() - before;
            before = bucket.getValue();
        }
        counts[i] = (infinite == null ? total : infinite) - before;
        return new NativeHistogram(
                NativeHistogram.CUSTOM_SCHEMA,
                total,
                parts.sum,
                0,
                0,
                0,
                counts,
                0,
                new double[0],
                bounds,
                ResetHint.UNKNOWN);
    }
}
