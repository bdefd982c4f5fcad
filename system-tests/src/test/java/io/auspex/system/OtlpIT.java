package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** OpenTelemetry metrics against the packaged server: by the Java SDK's own exporter, and by hand. */
final class OtlpIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final String PATH = "/api/v1/otlp/v1/metrics";

    private static SdkMeterProvider sdk(String service, OtlpHttpMetricExporterBuilder exporter) {
        return SdkMeterProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"), service,
                        AttributeKey.stringKey("service.instance.id"), "i-1",
                        AttributeKey.stringKey("host.name"), "h")))
                .registerView(
                        InstrumentSelector.builder().setName("exponential").build(),
                        View.builder()
                                .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                                .build())
                .registerMetricReader(PeriodicMetricReader.builder(exporter.build())
                        .setInterval(Duration.ofHours(1))
                        .build())
                .build();
    }

    private static OtlpHttpMetricExporterBuilder exporter(String path, String key) {
        return OtlpHttpMetricExporter.builder()
                .setEndpoint(SERVER.uri(path).toString())
                .addHeader("Authorization", "Bearer " + key);
    }

    private static void flush(SdkMeterProvider provider) {
        CompletableResultCode result = provider.forceFlush().join(30, TimeUnit.SECONDS);
        assertThat(result.isSuccess()).as("export").isTrue();
    }

    private static String value(String query) {
        return SERVER.send(SERVER.withApiKey("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                        .GET()
                        .build())
                .body();
    }

    private static HttpResponse<String> post(String type, String body) {
        return SERVER.send(SERVER.withApiKey(PATH)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void sdk_isStored() {
        try (SdkMeterProvider provider =
                sdk("sdk", exporter("/v1/metrics", RunningServer.API_KEY).setCompression("gzip"))) {
            Meter meter = provider.get("test");
            meter.counterBuilder("otlp.calls").build().add(3, Attributes.of(AttributeKey.stringKey("path"), "/a"));
            meter.gaugeBuilder("otlp.load").setUnit("1").build().set(0.1);
            meter.histogramBuilder("otlp.latency").setUnit("s").build().record(0.3);
            meter.histogramBuilder("exponential").build().record(5);
            flush(provider);
        }

        assertThat(value("otlp_calls_total{job=\"sdk\",instance=\"i-1\",path=\"/a\"}"))
                .contains("\"3\"]");
        assertThat(value("otlp_load_ratio")).contains("\"0.1\"]");
        assertThat(value("otlp_latency_seconds_bucket{le=\"5\"}")).contains("\"1\"]");
        assertThat(value("otlp_latency_seconds_sum")).contains("\"0.3\"]");
        assertThat(value("histogram_sum(exponential{job=\"sdk\"})")).contains("\"5\"]");
        assertThat(value("target_info{job=\"sdk\",host_name=\"h\"}")).contains("\"1\"]");
    }

    @Test
    void differences_areAddedUp() {
        try (SdkMeterProvider provider = sdk(
                "delta",
                exporter(PATH, RunningServer.API_KEY)
                        .setAggregationTemporalitySelector(AggregationTemporalitySelector.deltaPreferred()))) {
            LongCounter counter =
                    provider.get("test").counterBuilder("otlp.delta").build();
            var histogram = provider.get("test").histogramBuilder("exponential").build();
            counter.add(3);
            histogram.record(1);
            flush(provider);
            counter.add(4);
            histogram.record(8);
            flush(provider);
        }

        assertThat(value("otlp_delta_total")).contains("\"7\"]");
        assertThat(value("histogram_count(exponential{job=\"delta\"})")).contains("\"2\"]");
        assertThat(value("histogram_sum(exponential{job=\"delta\"})")).contains("\"9\"]");
    }

    @Test
    void json_isStored_andTellsWhatWasRefused() {
        String point = "{\"timeUnixNano\":\"%s\",\"asDouble\":%s}";
        String request = "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"otlp.json\",\"gauge\":"
                + "{\"dataPoints\":[" + point + "," + point + "]}}]}]}]}";
        String now = System.currentTimeMillis() + "000000";

        HttpResponse<String> answer = post("application/json", request.formatted(now, "0.5", "1000000", "1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body())
                .startsWith(
                        "{\"partialSuccess\":{\"rejectedDataPoints\":\"1\",\"errorMessage\":\"1 of 2 samples rejected")
                .contains("out-of-order window");
        assertThat(value("otlp_json")).contains("\"0.5\"]");
        assertThat(post("application/json", request.formatted(now, "0.5", now, "0.5"))
                        .body())
                .isEqualTo("{}");
    }

    @Test
    void requests_areRefused_inTheFormOfTheProtocol() {
        HttpResponse<String> json = post("application/json", "{\"resourceMetrics\":7}");

        assertThat(json.statusCode()).isEqualTo(400);
        assertThat(json.body())
                .startsWith("{\"code\":3,\"message\":\"malformed JSON: ")
                .contains(" at byte ");
        assertThat(post("text/plain", "").statusCode()).isEqualTo(415);
        HttpResponse<String> protobuf = post("application/x-protobuf", "\nZ");
        assertThat(protobuf.statusCode()).isEqualTo(400);
        assertThat(protobuf.headers().firstValue("Content-Type")).hasValue("application/x-protobuf");
        assertThat(protobuf.body()).contains("malformed protobuf");
    }

    @Test
    void samples_areSeenByTheirTenantOnly() {
        TwoTenants tenants = TwoTenants.get();
        HttpResponse<String> key =
                tenants.firstAdmin.post("/api/v1/api-keys", "{\"name\":\"otlp\",\"scopes\":[\"ingest\"]}");
        try (SdkMeterProvider provider = sdk("north", exporter(PATH, ApiClient.field(key.body(), "key")))) {
            provider.get("test").counterBuilder("otlp.north").build().add(1);
            flush(provider);
        }

        assertThat(tenants.firstAdmin
                        .get("/api/v1/query?query=otlp_north_total")
                        .body())
                .contains("\"1\"]");
        assertThat(tenants.secondAdmin
                        .get("/api/v1/query?query=otlp_north_total")
                        .body())
                .contains("\"result\":[]");
    }
}
