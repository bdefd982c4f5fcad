package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import jakarta.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules of a tenant for the labels of what it is sent, over every protocol, and of nobody else. */
final class RelabelIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final long NOW = System.currentTimeMillis();
    private static final String RULES = """
            # pods come and go
            - {action: labeldrop, regex: pod}
            - {action: drop, source_labels: [__name__], regex: 'noise_.*'}
            - {source_labels: [host], regex: '([^.]+)\\..*', target_label: host}
            """;

    private static ApiClient admin;
    private static ApiClient other;
    private static String key;
    private static String otherKey;

    @BeforeAll
    static void tenants() {
        admin = TwoTenants.get().further("relabel");
        other = TwoTenants.get().further("relabel-other");
        key = key(admin);
        otherKey = key(other);
        HttpResponse<String> set = configure(RULES, "db");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    }

    private static String key(ApiClient of) {
        return ApiClient.field(
                of.post("/api/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"ingest\"]}")
                        .body(),
                "key");
    }

    private static HttpResponse<String> configure(String relabel, String influxPromote) {
        HttpResponse<String> now = admin.get("/api/v1/ingest/config");
        return admin.with("If-Match", now.headers().firstValue("ETag").orElseThrow())
                .put(
                        "/api/v1/ingest/config",
                        Json.createObjectBuilder()
                                .add("relabel", relabel)
                                .add("influxPromote", Json.createArrayBuilder().add(influxPromote))
                                .build()
                                .toString());
    }

    private static HttpResponse<String> send(String secret, String path, String type, byte[] body, String... headers) {
        HttpRequest.Builder request = SERVER.request(path)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return SERVER.send(
                headers.length == 0 ? request.build() : request.headers(headers).build());
    }

    private static String series(ApiClient of, String metric) {
        return of.get("/api/v1/query?query=" + metric).body();
    }

    @Test
    void remoteWrite_isRelabelled_andOthersAreNot() {
        byte[] body = new RemoteWriteRequest()
                .add(Labels.of("__name__", "rw_orders", "host", "web-1.example.org", "pod", "p1"), NOW, 1)
                .add(Labels.of("__name__", "noise_bytes", "pod", "p1"), NOW, 2)
                .toBody();
        for (String secret : new String[] {key, key, otherKey}) {
            HttpResponse<String> answer =
                    send(secret, "/api/v1/write", "application/x-protobuf", body, "Content-Encoding", "snappy");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        }

        assertThat(series(admin, "rw_orders")).contains("{\"__name__\":\"rw_orders\",\"host\":\"web-1\"}");
        assertThat(series(admin, "noise_bytes")).contains("\"result\":[]");
        assertThat(series(other, "rw_orders")).contains("web-1.example.org").contains("\"pod\":\"p1\"");
        assertThat(series(other, "noise_bytes")).contains("\"pod\":\"p1\"");
        assertThat(admin.get("/api/v1/ingest/rejects").body())
                .as("what a rule drops is no error")
                .doesNotContain("noise_bytes");
        assertThat(SERVER.send(SERVER.withApiKey("/metrics").GET().build()).body())
                .containsPattern("auspex_ingest_dropped_total\\{protocol=\"remote_write_v1\"\\} [2-9]");
    }

    @Test
    void textAndInflux_areRelabelled() {
        assertThat(send(
                                key,
                                "/api/v1/import/prometheus",
                                "text/plain",
                                "text_up{pod=\"a\",host=\"h.x\"} 1\nnoise_a 1\n".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(204);
        assertThat(send(
                                key,
                                "/write?db=shop",
                                "text/plain",
                                "influx,pod=a v=1\ninflux2,db=own v=1".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(204);

        assertThat(series(admin, "text_up")).contains("{\"__name__\":\"text_up\",\"host\":\"h\"}");
        assertThat(series(admin, "influx_v")).contains("{\"__name__\":\"influx_v\",\"db\":\"shop\"}");
        assertThat(series(admin, "influx2_v")).contains("{\"__name__\":\"influx2_v\",\"db\":\"own\"}");
    }

    @Test
    void mistakes_areToldWithTheirPlace_andChangeNothing() {
        HttpResponse<String> refused = configure("- action: keep\n- {action: hashmod, target_label: a}\n", "db");
        HttpResponse<String> unknown = configure(RULES, "precision");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("relabel: line 2, column 3: relabel configuration for hashmod requires non-zero modulus");
        assertThat(unknown.body()).contains("influxPromote takes db, bucket and org, got 'precision'");
        assertThat(admin.get("/api/v1/ingest/config").body()).contains("pods come and go");
        assertThat(other.get("/api/v1/ingest/config").body()).contains("\"relabel\":\"\"");
    }
}
