package io.auspex.ingest;

import io.auspex.platform.AuspexException;
import io.auspex.series.MetricMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Reads OpenTelemetry metrics: a protobuf {@code ExportMetricsServiceRequest}, as series of Prometheus.
 *
 * <p>Names are translated as Prometheus does by default. {@code service.name} (with its namespace) and
 * {@code service.instance.id} become {@code job} and {@code instance}, the other attributes of a resource the labels of
 * {@code target_info}; those that are promoted also stand on every series. Differences (delta temporality) are marked
 * as such in the batch. The position of a series in the batch counts data points. Kept and reused; the batch is valid
 * until the next request. Not thread-safe.
 */
public final class OtlpDecoder {
    private static final byte[] TARGET_INFO = "target_info".getBytes(StandardCharsets.US_ASCII);
    private static final int DELTA = 1;
    private static final int CUMULATIVE = 2;

    private final ProtoReader in = new ProtoReader();
    private final OtlpPoints points = new OtlpPoints(in);
    private final OtlpResource resource = new OtlpResource(in);
    private final OtlpHistograms histograms = new OtlpHistograms(points);
    private final OtlpNames names = new OtlpNames();

    /**
     * Decodes a request into a batch, which is cleared first, and resolves its series.
     *
     * @param promoted names of resource attributes that become labels of every series
     * @return how many data points the request holds, refused ones included
     * @throws AuspexException {@code BAD_DATA} when the body is not such a request, {@code PAYLOAD_TOO_LARGE} when its
     *     labels are larger than the limit
     */
    public int decode(
            byte[] body,
            int length,
            Set<String> promoted,
            IngestLimits limits,
            SeriesResolver resolver,
            DecodedBatch into) {
        into.clear();
        points.begin(limits, into);
        histograms.begin(length);
        in.reset(body, 0, length);
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                int outer = in.enter();
                readResourceMetrics(promoted);
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        points.resolve(resolver);
        return points.count();
    }

    /** The resource may stand behind its metrics, so it is looked for first. */
    private void readResourceMetrics(Set<String> promoted) {
        int from = in.position;
        resource.clear();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                resource.read(points.limits());
            } else {
                in.skip(tag);
            }
        }
        resource.writeLabels(points.labels, promoted);
        in.position = from;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x12) {
                readScopeMetrics();
            } else {
                in.skip(tag);
            }
        }
        long latest = points.takeLatest();
        if (latest > 0 && resource.hasInfo()) {
            resource.writeInfo(points.labels);
            points.metric(TARGET_INFO, false);
            points.info(latest);
        }
    }

    private void readScopeMetrics() {
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x12) {
                int scope = in.enter();
                readMetric();
                in.leave(scope);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
    }

    /** The data of a metric mean nothing without its name, unit and kind, so those are looked for first. */
    private void readMetric() {
        String name = "";
        String help = "";
        String unit = "";
        int dataAt = -1;
        int dataTag = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x0a -> name = text();
                case 0x12 -> help = text();
                case 0x1a -> unit = text();
                case 0x2a, 0x3a, 0x4a, 0x52, 0x5a -> {
                    dataAt = in.position;
                    dataTag = tag;
                    in.skipLength();
                }
                default -> in.skip(tag);
            }
        }
        if (dataAt < 0) {
            return;
        }
        in.position = dataAt;
        int outer = in.enter();
        readData(dataTag, name, help, unit);
        in.leave(outer);
    }

    private void readData(int kind, String name, String help, String unit) {
        int from = in.position;
        int temporality = 0;
        boolean monotonic = false;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x10 -> temporality = (int) in.varint();
                case 0x18 -> monotonic = in.varint() != 0;
                default -> in.skip(tag);
            }
        }
        in.position = from;
        boolean total = kind == 0x3a && monotonic;
        byte[] metric = names.metric(
                name,
                unit,
                kind == 0x2a ? OtlpNames.Kind.GAUGE : total ? OtlpNames.Kind.COUNTER : OtlpNames.Kind.OTHER);
        boolean counts = kind == 0x3a || kind == 0x4a || kind == 0x52;
        points.metric(metric, counts && temporality == DELTA);
        boolean supported = !counts || temporality == DELTA || temporality == CUMULATIVE;
        if (metric.length > 0) {
            points.batch()
                    .addMetadata(new MetricMetadata(
                            new String(metric, StandardCharsets.UTF_8), type(kind, total), help, OtlpNames.unit(unit)));
        }
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                int outer = in.enter();
                readPoint(kind, supported);
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private static String type(int kind, boolean total) {
        return switch (kind) {
            case 0x4a, 0x52 -> "histogram";
            case 0x5a -> "summary";
            default -> total ? "counter" : "gauge";
        };
    }

    private void readPoint(int kind, boolean supported) {
        points.beginPoint();
        switch (kind) {
            case 0x2a, 0x3a -> readNumber(supported);
            case 0x4a -> histograms.readExplicit(supported);
            case 0x52 -> histograms.readExponential(supported);
            default -> readSummary();
        }
    }

    private void readNumber(boolean supported) {
        boolean hasValue = false;
        double value = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x11 -> points.start(in.fixed64());
                case 0x19 -> points.time(in.fixed64());
                case 0x21 -> {
                    value = in.fixedDouble();
                    hasValue = true;
                }
                case 0x31 -> {
                    value = in.fixed64();
                    hasValue = true;
                }
                case 0x2a -> points.exemplar();
                case 0x3a -> points.attribute();
                case 0x40 -> points.flags(in.varint());
                default -> in.skip(tag);
            }
        }
        if (!supported) {
            points.refuse(Reason.TEMPORALITY_UNSUPPORTED);
        } else if (!hasValue && !points.stale) {
            points.refuse(Reason.VALUE_INVALID);
        } else {
            points.sample(value);
        }
    }

    private void readSummary() {
        int from = in.position;
        double count = 0;
        double sum = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x11 -> points.start(in.fixed64());
                case 0x19 -> points.time(in.fixed64());
                case 0x21 -> count = OtlpHistograms.unsigned(in.fixed64());
                case 0x29 -> sum = in.fixedDouble();
                case 0x3a -> points.attribute();
                case 0x40 -> points.flags(in.varint());
                default -> in.skip(tag);
            }
        }
        points.sample("_count", count);
        points.sample("_sum", sum);
        in.position = from;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x32) {
                readQuantile();
            } else {
                in.skip(tag);
            }
        }
    }

    private void readQuantile() {
        int outer = in.enter();
        double quantile = 0;
        double value = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x09 -> quantile = in.fixedDouble();
                case 0x11 -> value = in.fixedDouble();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        points.quantile(quantile, value);
    }

    private String text() {
        int length = in.length();
        String text = new String(in.bytes, in.position, length, StandardCharsets.UTF_8);
        in.position += length;
        return text;
    }
}
