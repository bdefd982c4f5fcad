package io.auspex.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Exemplar;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import io.auspex.series.NativeHistogram;
import io.auspex.series.StaleMarker;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Bodies are built with the generated classes of opentelemetry-proto. */
final class OtlpDecoderTest {
    private static final SeriesResolver NOBODY = (high, low, from, to, refs) -> Arrays.fill(refs, from, to, -1);
    private static final long MILLIS = 1_700_000_000_123L;
    private static final long NANOS = MILLIS * 1_000_000 + 456;

    private final OtlpDecoder decoder = new OtlpDecoder();
    private final DecodedBatch batch = new DecodedBatch();

    private void decode(byte[] body, String... promoted) {
        decoder.decode(body, body.length, Set.of(promoted), IngestLimits.DEFAULT, NOBODY, batch);
    }

    private void decode(Metric metric, String... promoted) {
        decode(request(metric).toByteArray(), promoted);
    }

    private static ExportMetricsServiceRequest request(Metric metric) {
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(text("service.name", "shop"))
                                .addAttributes(text("service.namespace", "eu"))
                                .addAttributes(text("service.instance.id", "i-1"))
                                .addAttributes(text("host.name", "h")))
                        .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
                .build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static NumberDataPoint.Builder point() {
        return NumberDataPoint.newBuilder().setTimeUnixNano(NANOS);
    }

    /** Values by the text of their labels, without those of the resource. */
    private Map<String, Double> samples() {
        Map<String, Double> samples = new TreeMap<>();
        for (int i = 0; i < batch.sampleCount(); i++) {
            Labels labels = batch.labels(batch.sampleSeries()[i]);
            assertThat(labels.get("job")).isEqualTo("eu/shop");
            assertThat(labels.get("instance")).isEqualTo("i-1");
            samples.put(labels.without("job").without("instance").toString(), batch.values()[i]);
        }
        return samples;
    }

    @Test
    void gauge_becomesASample_withTheResourceBesideIt() {
        decode(Metric.newBuilder()
                .setName("queue.size")
                .setDescription("How long.")
                .setUnit("By")
                .setGauge(Gauge.newBuilder()
                        .addDataPoints(point().setAsDouble(0.1)
                                .addAttributes(text("Zone", "a"))
                                .addAttributes(text("1st", "b"))
                                .addAttributes(text("_x", "c"))
                                .addAttributes(text("a.b", "d"))
                                .addAttributes(text("a-b", "e"))))
                .build());

        assertThat(samples())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "{Zone=\"a\", __name__=\"queue_size_bytes\", a_b=\"d;e\", key_1st=\"b\", key_x=\"c\"}", 0.1,
                        "{__name__=\"target_info\", host_name=\"h\"}", 1.0));
        assertThat(batch.timestamps()[0]).isEqualTo(MILLIS);
        assertThat(batch.metadata())
                .containsExactly(new MetricMetadata("queue_size_bytes", "gauge", "How long.", "bytes"));
    }

    @Test
    void attributes_ofEveryKind_areText() {
        decode(Metric.newBuilder()
                .setName("g")
                .setGauge(Gauge.newBuilder()
                        .addDataPoints(point().setAsInt(-3)
                                .addAttributes(value("a", AnyValue.newBuilder().setBoolValue(true)))
                                .addAttributes(value("b", AnyValue.newBuilder().setIntValue(-7)))
                                .addAttributes(value("c", AnyValue.newBuilder().setDoubleValue(0.25)))
                                .addAttributes(value(
                                        "d",
                                        AnyValue.newBuilder()
                                                .setArrayValue(ArrayValue.newBuilder()
                                                        .addValues(AnyValue.newBuilder()
                                                                .setStringValue("x\"y"))
                                                        .addValues(AnyValue.newBuilder()
                                                                .setIntValue(1)))))
                                .addAttributes(value(
                                        "e", AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("hi"))))))
                .build());

        assertThat(samples())
                .containsEntry(
                        "{__name__=\"g\", a=\"true\", b=\"-7\", c=\"0.25\", d=\"[\\\"x\\\\\\\"y\\\",1]\", e=\"aGk=\"}",
                        -3.0);
    }

    private static KeyValue value(String key, AnyValue.Builder value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void promotedAttributes_standOnEverySeries() {
        decode(
                Metric.newBuilder()
                        .setName("g")
                        .setGauge(Gauge.newBuilder().addDataPoints(point().setAsInt(1)))
                        .build(),
                "host.name",
                "service.name");

        assertThat(samples()).containsEntry("{__name__=\"g\", host_name=\"h\", service_name=\"shop\"}", 1.0);
    }

    @Test
    void sum_isACounter_whenItOnlyGrows() {
        Sum.Builder sum = Sum.newBuilder()
                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                .addDataPoints(point().setStartTimeUnixNano(NANOS - 5_000_000)
                        .setAsInt(7)
                        .addExemplars(io.opentelemetry.proto.metrics.v1.Exemplar.newBuilder()
                                .setTimeUnixNano(NANOS)
                                .setAsDouble(0.5)
                                .setTraceId(ByteString.copyFrom(new byte[] {1, (byte) 0xab}))
                                .setSpanId(ByteString.copyFrom(new byte[] {2}))
                                .addFilteredAttributes(text("user.id", "u"))));
        decode(Metric.newBuilder()
                .setName("calls.total")
                .setUnit("1")
                .setSum(sum.setIsMonotonic(true))
                .build());

        assertThat(samples()).containsEntry("{__name__=\"calls_total\"}", 7.0);
        assertThat(batch.createdTimestamp(0)).isEqualTo(MILLIS - 5);
        assertThat(batch.isDelta(0)).isFalse();
        assertThat(batch.exemplar(0))
                .isEqualTo(new Exemplar(Labels.of("trace_id", "01ab", "span_id", "02", "user_id", "u"), 0.5, MILLIS));

        decode(Metric.newBuilder()
                .setName("calls")
                .setUnit("{call}")
                .setSum(sum.setIsMonotonic(false)
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA))
                .build());
        assertThat(samples()).containsEntry("{__name__=\"calls\"}", 7.0);
        assertThat(batch.isDelta(0)).isTrue();
        assertThat(batch.isDelta(1)).as("target_info").isFalse();

        decode(Metric.newBuilder()
                .setName("calls")
                .setSum(sum.setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED))
                .build());
        assertThat(batch.reason(0)).isEqualTo(Reason.TEMPORALITY_UNSUPPORTED);
    }

    @Test
    void histogram_becomesAClassicOne() {
        decode(Metric.newBuilder()
                .setName("latency")
                .setUnit("s")
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                        .addDataPoints(HistogramDataPoint.newBuilder()
                                .setTimeUnixNano(NANOS)
                                .setCount(6)
                                .setSum(12.5)
                                .addAllBucketCounts(List.of(1L, 2L, 3L))
                                .addAllExplicitBounds(List.of(0.005, 10.0))
                                .addExemplars(io.opentelemetry.proto.metrics.v1.Exemplar.newBuilder()
                                        .setAsDouble(7)
                                        .setTraceId(ByteString.copyFrom(new byte[] {1})))))
                .build());

        assertThat(samples())
                .containsEntry("{__name__=\"latency_seconds_bucket\", le=\"0.005\"}", 1.0)
                .containsEntry("{__name__=\"latency_seconds_bucket\", le=\"10\"}", 3.0)
                .containsEntry("{__name__=\"latency_seconds_bucket\", le=\"+Inf\"}", 6.0)
                .containsEntry("{__name__=\"latency_seconds_count\"}", 6.0)
                .containsEntry("{__name__=\"latency_seconds_sum\"}", 12.5);
        assertThat(batch.exemplarCount()).isOne();
        assertThat(batch.labels(batch.exemplarSeries(0)).get("le")).isEqualTo("10");
    }

    @Test
    void exponentialHistogram_becomesANativeOne() {
        decode(Metric.newBuilder()
                .setName("size")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                        .addDataPoints(exponential(9, 1, 1, 2, 3))
                        .addDataPoints(exponential(0, -2, 4))
                        .addDataPoints(exponential(-5, 0, 1)))
                .build());

        NativeHistogram reduced = batch.histogram(0);
        assertThat(reduced).isNotNull();
        assertThat(reduced.schema()).isEqualTo(8);
        // of schema 9 the buckets 1, 2 and 3 are the second half of 0 and all of 1 in schema 8
        assertThat(reduced.positiveOffset()).isEqualTo(1);
        assertThat(reduced.positive()).containsExactly(1, 5);
        assertThat(batch.histogram(1).positiveOffset()).isEqualTo(-1);
        assertThat(batch.histogram(1).zeroThreshold()).isEqualTo(1e-128);
        assertThat(batch.histogramReason(2)).isEqualTo(Reason.HISTOGRAM_INVALID);
    }

    private static ExponentialHistogramDataPoint.Builder exponential(int scale, int offset, long... counts) {
        ExponentialHistogramDataPoint.Buckets.Builder buckets =
                ExponentialHistogramDataPoint.Buckets.newBuilder().setOffset(offset);
        Arrays.stream(counts).forEach(buckets::addBucketCounts);
        return ExponentialHistogramDataPoint.newBuilder()
                .setTimeUnixNano(NANOS)
                .setScale(scale)
                .setCount(Arrays.stream(counts).sum())
                .setPositive(buckets);
    }

    @Test
    void summary_andStaleness() {
        decode(Metric.newBuilder()
                .setName("s")
                .setSummary(Summary.newBuilder()
                        .addDataPoints(SummaryDataPoint.newBuilder()
                                .setTimeUnixNano(NANOS)
                                .setCount(3)
                                .setSum(4)
                                .addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder()
                                        .setQuantile(0.99)
                                        .setValue(2))))
                .build());
        assertThat(samples())
                .containsEntry("{__name__=\"s\", quantile=\"0.99\"}", 2.0)
                .containsEntry("{__name__=\"s_count\"}", 3.0)
                .containsEntry("{__name__=\"s_sum\"}", 4.0);

        decode(Metric.newBuilder()
                .setName("g")
                .setGauge(Gauge.newBuilder().addDataPoints(point().setFlags(1)))
                .build());
        assertThat(StaleMarker.is(batch.values()[0])).isTrue();
        decode(Metric.newBuilder()
                .setName("h")
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(HistogramDataPoint.newBuilder()
                                .setTimeUnixNano(NANOS)
                                .setFlags(1)))
                .build());
        assertThat(samples().keySet())
                .contains("{__name__=\"h_bucket\", le=\"+Inf\"}", "{__name__=\"h_count\"}", "{__name__=\"h_sum\"}");
        assertThat(Arrays.stream(batch.values(), 0, 3).allMatch(StaleMarker::is))
                .isTrue();
        assertThat(batch.hasDeltas()).as("there is nothing to add up").isFalse();
        decode(Metric.newBuilder()
                .setName("g")
                .setGauge(Gauge.newBuilder().addDataPoints(point()))
                .build());
        assertThat(batch.reason(0)).isEqualTo(Reason.VALUE_INVALID);
        assertThat(batch.item(0)).isOne();
    }

    @Test
    void names_areThoseOfPrometheus() {
        assertThat(OtlpNames.translate("http.server.duration", "ms", OtlpNames.Kind.OTHER))
                .isEqualTo("http_server_duration_milliseconds");
        assertThat(OtlpNames.translate("requests", "", OtlpNames.Kind.COUNTER)).isEqualTo("requests_total");
        assertThat(OtlpNames.translate("total.requests", "1", OtlpNames.Kind.COUNTER))
                .isEqualTo("requests_total");
        assertThat(OtlpNames.translate("cpu.utilization", "1", OtlpNames.Kind.GAUGE))
                .isEqualTo("cpu_utilization_ratio");
        assertThat(OtlpNames.translate("speed", "m/s", OtlpNames.Kind.GAUGE)).isEqualTo("speed_meters_per_second");
        assertThat(OtlpNames.translate("disk.bytes", "By", OtlpNames.Kind.GAUGE))
                .isEqualTo("disk_bytes");
        assertThat(OtlpNames.translate("2xx", "{response}", OtlpNames.Kind.COUNTER))
                .isEqualTo("_2xx_total");
        assertThat(OtlpNames.translate("_a__b.", "", OtlpNames.Kind.GAUGE)).isEqualTo("a_b");
    }

    @Test
    void decimals_areShortest() {
        for (double value : new double[] {0.1, 0.005, 1e-7, 2.5, 1e21, 1.0 / 3, 123456789.125}) {
            assertThat(Double.parseDouble(Decimals.text(value))).isEqualTo(value);
        }
        assertThat(Decimals.text(1e-7)).isEqualTo("0.0000001");
        assertThat(Decimals.text(5)).isEqualTo("5");
    }

    @Test
    void json_isTheSameAsProtobuf() throws Exception {
        ExportMetricsServiceRequest request = everything();
        decode(request.toByteArray(), "host.name");
        Map<String, Double> expected = samples();
        Exemplar exemplar = batch.exemplar(0);
        NativeHistogram histogram = batch.histogram(0);

        byte[] json = JSON.getBytes(StandardCharsets.UTF_8);
        OtlpJson rewriter = new OtlpJson();
        int length = rewriter.rewrite(json, json.length, 1 << 20);
        byte[] rewritten = Arrays.copyOf(rewriter.bytes(), length);

        assertThat(ExportMetricsServiceRequest.parseFrom(rewritten)).isEqualTo(request);
        decode(rewritten, "host.name");
        assertThat(samples()).isEqualTo(expected);
        assertThat(batch.exemplar(0)).isEqualTo(exemplar);
        assertThat(batch.histogram(0)).isEqualTo(histogram);
    }

    private static ExportMetricsServiceRequest everything() {
        return request(Metric.newBuilder()
                        .setName("calls")
                        .setUnit("1")
                        .setSum(Sum.newBuilder()
                                .setIsMonotonic(true)
                                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                                .addDataPoints(point().setAsInt(-7)
                                        .addAttributes(text("path", "/ü\n"))
                                        .addExemplars(io.opentelemetry.proto.metrics.v1.Exemplar.newBuilder()
                                                .setAsDouble(0.5)
                                                .setTraceId(ByteString.copyFrom(new byte[] {1, (byte) 0xab})))))
                        .build())
                .toBuilder()
                .addResourceMetrics(request(Metric.newBuilder()
                                .setName("size")
                                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                                        .setAggregationTemporality(
                                                AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                                        .addDataPoints(exponential(3, -2, 4, 5)))
                                .build())
                        .getResourceMetrics(0))
                .build();
    }

    private static final String RESOURCE = """
            "resource": {"attributes": [
              {"key": "service.name", "value": {"stringValue": "shop"}},
              {"value": {"stringValue": "eu"}, "key": "service.namespace"},
              {"key": "service.instance.id", "value": {"stringValue": "i-1"}},
              {"key": "host.name", "value": {"stringValue": "h"}}]}
            """;
    private static final String JSON = """
            {"unknown": [1, {"x": null}, "y"], "resourceMetrics": [
             {%1$s, "schemaUrl": null, "scopeMetrics": [{"scope": {"name": "s"}, "metrics": [
               {"unit": "1", "name": "calls", "sum": {"isMonotonic": true, "aggregationTemporality": 1, "dataPoints": [
                 {"timeUnixNano": "%2$d", "asInt": "-7",
                  "attributes": [{"key": "path", "value": {"stringValue": "\\/\\u00fc\\n"}}],
                  "exemplars": [{"asDouble": 0.5, "traceId": "01AB"}]}]}}]}]},
             {%1$s, "scopeMetrics": [{"metrics": [{"name": "size", "exponentialHistogram": {
               "aggregationTemporality": "AGGREGATION_TEMPORALITY_CUMULATIVE", "dataPoints": [
                 {"timeUnixNano": %2$d, "scale": 3, "count": "9",
                  "positive": {"offset": -2, "bucketCounts": ["4", 5.0]}}]}}]}]}]}
            """.formatted(RESOURCE, NANOS);

    @Test
    void json_isRefused_withItsPlace() {
        OtlpJson rewriter = new OtlpJson();
        for (String json : List.of(
                "",
                "[]",
                "{\"resourceMetrics\":{}",
                "{\"resourceMetrics\":[{\"resource\":\"x\"}]}",
                "{} x",
                "{\"a\":tru}x",
                "{\"a\":" + "[".repeat(1_000),
                "{\"a\":\"\\x\"}")) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> rewriter.rewrite(body, body.length, 1 << 20))
                    .as(json)
                    .isInstanceOfSatisfying(AuspexException.class, e -> {
                        assertThat(e.code()).isEqualTo(Code.BAD_DATA);
                        assertThat(e.detail()).contains(" at byte ");
                    });
        }
    }

    @Test
    void buckets_farApart_costNoMoreThanTheBody() {
        decode(Metric.newBuilder()
                .setName("size")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                        .addDataPoints(exponential(Integer.MAX_VALUE, Integer.MAX_VALUE, 1, 1, 1))
                        .addDataPoints(exponential(8, Integer.MIN_VALUE, new long[2_000])))
                .build());

        assertThat(batch.histogramCount()).isEqualTo(2);
        assertThat(batch.histogramReason(1)).isEqualTo(Reason.HISTOGRAM_TOO_LARGE);
    }

    @Test
    void decode_givesABatchOrACodedError_forAnyBytes() {
        Fuzz.mutations(everything().toByteArray(), body -> {
            decode(body, "host.name");
            return batch;
        });
        OtlpJson rewriter = new OtlpJson();
        Fuzz.mutations(JSON.getBytes(StandardCharsets.UTF_8), body -> {
            int length = rewriter.rewrite(body, body.length, 1 << 20);
            decoder.decode(rewriter.bytes(), length, Set.of(), IngestLimits.DEFAULT, NOBODY, batch);
            return batch;
        });
    }
}
