package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.snappy.SnappyCompressor;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Remote write 2.0 against the packaged server: what is stored and what the sender is told. */
final class RemoteWrite2IT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final long NOW = System.currentTimeMillis();
    static final String TYPE = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    /** Symbols: 1 __name__, 2 the metric, 3 trace_id, 4 abc, 5 a help text, 6 an empty name's value. */
    static byte[] request(String metric, List<Consumer<ProtoMessage>> series) {
        byte[] raw = ProtoMessage.of(request -> {
            for (String symbol : List.of("", "__name__", metric, "trace_id", "abc", "Some help.", "job")) {
                request.text(4, symbol);
            }
            series.forEach(each -> request.nested(5, each));
        });
        SnappyCompressor snappy = new SnappyCompressor();
        byte[] block = new byte[snappy.maxCompressedLength(raw.length)];
        return Arrays.copyOf(block, snappy.compress(raw, 0, raw.length, block, 0, block.length));
    }

    static Consumer<ProtoMessage> sample(double value, long timestamp) {
        return series -> series.nested(2, sample -> sample.number(1, value).varint(2, timestamp));
    }

    private static HttpResponse<String> write(byte[] body) {
        return write(body, TYPE, "Bearer " + RunningServer.API_KEY);
    }

    private static HttpResponse<String> write(byte[] body, String type, String credential) {
        return SERVER.send(SERVER.request("/api/v1/write")
                .header("Authorization", credential)
                .header("Content-Type", type)
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "2.0.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private static String written(HttpResponse<String> answer) {
        return List.of("Samples", "Histograms", "Exemplars").stream()
                .map(what -> answer.headers()
                        .firstValue("X-Prometheus-Remote-Write-" + what + "-Written")
                        .orElse("none"))
                .toList()
                .toString();
    }

    private static String get(String path) {
        return SERVER.send(SERVER.withApiKey(path).GET().build()).body();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void write_storesSamplesHistogramsAndExemplars() {
        HttpResponse<String> floats = write(request(
                "rw2_floats",
                List.of(series -> sample(1.5, NOW)
                        .accept(series.packed(1, 1, 2)
                                .nested(
                                        4,
                                        exemplar -> exemplar.packed(1, 3, 4)
                                                .number(2, 0.25)
                                                .varint(3, NOW))
                                .nested(5, about -> about.varint(1, 1).varint(3, 5))))));
        HttpResponse<String> histograms = write(request(
                "rw2_histogram",
                List.of(series -> series.packed(1, 1, 2)
                        .nested(
                                3,
                                histogram -> histogram
                                        .varint(1, 3)
                                        .number(3, 7.5)
                                        .nested(11, span -> span.zigzag(1, 0).varint(2, 2))
                                        .packedZigzag(12, 1, 1)
                                        .varint(15, NOW)))));

        assertThat(floats.statusCode()).as(floats.body()).isEqualTo(204);
        assertThat(written(floats)).isEqualTo("[1, 0, 1]");
        assertThat(histograms.statusCode()).as(histograms.body()).isEqualTo(204);
        assertThat(written(histograms)).isEqualTo("[0, 1, 0]");
        assertThat(get("/api/v1/query?query=rw2_floats")).contains("\"1.5\"]");
        assertThat(get("/api/v1/query?query=histogram_sum(rw2_histogram)")).contains("\"7.5\"]");
        assertThat(get("/api/v1/query_exemplars?query=" + encoded("rate(rw2_floats[5m])")))
                .contains("{\"seriesLabels\":{\"__name__\":\"rw2_floats\"},\"exemplars\":[{\"labels\":"
                        + "{\"trace_id\":\"abc\"},\"value\":\"0.25\",\"timestamp\":");
    }

    @Test
    void write_tellsWhatWasWritten_alsoWhenSomethingWasRefused() {
        HttpResponse<String> partial = write(request(
                "rw2_partial",
                List.of(
                        series -> sample(1, NOW).accept(series.packed(1, 1, 2)),
                        series -> sample(2, NOW).accept(series.packed(1, 6, 2)))));
        HttpResponse<String> malformed = write("no snappy".getBytes(StandardCharsets.UTF_8));

        assertThat(partial.statusCode()).isEqualTo(400);
        assertThat(written(partial)).isEqualTo("[1, 0, 0]");
        assertThat(partial.body()).contains("__name__ is missing");
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(written(malformed)).isEqualTo("[0, 0, 0]");
        assertThat(get("/api/v1/query?query=rw2_partial")).contains("\"1\"]");
    }

    @Test
    void write_refusesAnotherMessage() {
        byte[] body = request("rw2_x", List.of(series -> sample(1, NOW).accept(series.packed(1, 1, 2))));
        String key = "Bearer " + RunningServer.API_KEY;

        assertThat(write(body, "application/x-protobuf;proto=some.Other", key).statusCode())
                .isEqualTo(415);
        assertThat(write(body, "application/x-protobuf; proto=\"io.prometheus.write.v2.Request\"", key)
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void exemplars_areSeenByTheirTenantOnly() {
        TwoTenants tenants = TwoTenants.get();
        HttpResponse<String> key =
                tenants.firstAdmin.post("/api/v1/api-keys", "{\"name\":\"rw2\",\"scopes\":[\"ingest\"]}");
        byte[] body = request(
                "rw2_north",
                List.of(series -> sample(1, NOW)
                        .accept(series.packed(1, 1, 2)
                                .nested(
                                        4,
                                        exemplar -> exemplar.packed(1, 3, 4)
                                                .number(2, 1)
                                                .varint(3, NOW)))));

        assertThat(write(body, TYPE, "Bearer " + ApiClient.field(key.body(), "key"))
                        .statusCode())
                .isEqualTo(204);
        assertThat(tenants.firstAdmin
                        .get("/api/v1/query_exemplars?query=rw2_north")
                        .body())
                .contains("trace_id");
        assertThat(tenants.secondAdmin
                        .get("/api/v1/query_exemplars?query=rw2_north")
                        .body())
                .isEqualTo("{\"status\":\"success\",\"data\":[]}");
    }
}
