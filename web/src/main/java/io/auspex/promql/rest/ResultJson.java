package io.auspex.promql.rest;

import io.auspex.histogram.BucketCursor;
import io.auspex.promql.Result;
import io.auspex.promql.SeriesColumn;
import io.auspex.promql.ShortestDecimal;
import io.auspex.promql.ValueType;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results of queries as JSON, written from their columns. */
final class ResultJson {
    private ResultJson() {}

    /**
     * The members {@code resultType} and {@code result}.
     *
     * @param epochMillis the time of a string or scalar
     * @param limit how many series at most; 0 for all
     */
    static void write(Result result, long epochMillis, int limit, JsonWriter json) throws IOException {
        json.name("resultType").string(result.type().wireName()).name("result");
        switch (result.type()) {
            case SCALAR ->
                json.beginArray()
                        .timestamp(epochMillis)
                        .string(ShortestDecimal.plain(result.scalar()))
                        .endArray();
            case STRING ->
                json.beginArray().timestamp(epochMillis).string(result.string()).endArray();
            case VECTOR, MATRIX -> {
                boolean matrix = result.type() == ValueType.MATRIX;
                json.beginArray();
                TimeTexts times = new TimeTexts();
                for (SeriesColumn series : limited(result.series(), limit)) {
                    json.beginObject().name("metric");
                    labels(series.labels(), json);
                    if (matrix) {
                        points(series, times, json);
                    } else {
                        point(series, json);
                    }
                    json.endObject();
                }
                json.endArray();
            }
        }
    }

    private static List<SeriesColumn> limited(List<SeriesColumn> series, int limit) {
        return isTruncated(series.size(), limit) ? series.subList(0, limit) : series;
    }

    static boolean isTruncated(int size, int limit) {
        return limit > 0 && size > limit;
    }

    static void labels(Labels labels, JsonWriter json) throws IOException {
        json.beginObject();
        for (int i = 0; i < labels.size(); i++) {
            json.name(labels.name(i)).string(labels.value(i));
        }
        json.endObject();
    }

    private static void point(SeriesColumn series, JsonWriter json) throws IOException {
        int slot = series.next(0);
        if (slot < 0) {
            return;
        }
        NativeHistogram histogram = series.histogram(slot);
        json.name(histogram == null ? "value" : "histogram");
        pair(series, slot, histogram, json);
    }

    private static void pair(SeriesColumn series, int slot, @Nullable NativeHistogram histogram, JsonWriter json)
            throws IOException {
        json.beginArray().timestamp(series.time(slot));
        if (histogram == null) {
            json.value(series.value(slot));
        } else {
            histogram(histogram, json);
        }
        json.endArray();
    }

    private static void points(SeriesColumn series, TimeTexts times, JsonWriter json) throws IOException {
        int histograms = 0;
        for (int slot = series.next(0); slot >= 0 && series.hasHistograms(); slot = series.next(slot + 1)) {
            histograms += series.histogram(slot) == null ? 0 : 1;
        }
        if (series.size() > histograms) {
            json.name("values").beginArray();
            for (int slot = series.next(0); slot >= 0; slot = series.next(slot + 1)) {
                if (histograms == 0 || series.histogram(slot) == null) {
                    json.sample(times.of(series, slot), series.value(slot));
                }
            }
            json.endArray();
        }
        if (histograms > 0) {
            json.name("histograms").beginArray();
            for (int slot = series.next(0); slot >= 0; slot = series.next(slot + 1)) {
                NativeHistogram histogram = series.histogram(slot);
                if (histogram != null) {
                    pair(series, slot, histogram, json);
                }
            }
            json.endArray();
        }
    }

    /**
     * A native histogram: count, sum, and each bucket that holds something with its bounds and a rule: 0 open on
     * the left, 1 open on the right, 2 open on both sides, 3 closed on both.
     */
    static void histogram(NativeHistogram histogram, JsonWriter json) throws IOException {
        json.beginObject().name("count").value(histogram.count()).name("sum").value(histogram.sum());
        boolean found = false;
        BucketCursor buckets = BucketCursor.ascending(histogram);
        while (buckets.next()) {
            if (buckets.count() == 0) {
                continue;
            }
            if (!found) {
                json.name("buckets").beginArray();
                found = true;
            }
            json.beginArray()
                    .number(rule(buckets.lower(), buckets.upper(), histogram))
                    .value(buckets.lower())
                    .value(buckets.upper())
                    .value(buckets.count())
                    .endArray();
        }
        if (found) {
            json.endArray();
        }
        json.endObject();
    }

    private static int rule(double lower, double upper, NativeHistogram histogram) {
        boolean lowerInclusive;
        boolean upperInclusive;
        if (histogram.hasCustomBounds()) {
            lowerInclusive = lower == Double.NEGATIVE_INFINITY;
            upperInclusive = true;
        } else {
            lowerInclusive = lower < 0 || (lower == 0 && upper == 0);
            upperInclusive = upper > 0 || (lower == 0 && upper == 0);
        }
        if (lowerInclusive) {
            return upperInclusive ? 3 : 1;
        }
        return upperInclusive ? 0 : 2;
    }
}
