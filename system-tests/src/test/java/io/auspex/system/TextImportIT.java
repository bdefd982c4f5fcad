package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Prometheus text and OpenMetrics against the packaged server. */
final class TextImportIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final String PATH = "/api/v1/import/prometheus";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final long NOW = System.currentTimeMillis();

    private static HttpResponse<String> post(HttpRequest.Builder request, String type, byte[] body) {
        return SERVER.send(request.header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private static HttpResponse<String> post(String type, String body) {
        return post(SERVER.withApiKey(PATH), type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String get(String path) {
        return SERVER.send(SERVER.withApiKey(path).GET().build()).body();
    }

    @Test
    void text_isStored_compressedOrNot() {
        byte[] zstd = Zstd.compress(("text_zstd{a=\"b\"} 2 " + NOW + "\n").getBytes(StandardCharsets.UTF_8));

        assertThat(post("text/plain; version=0.0.4", "text_plain{a=\"b\"} 0.1 " + NOW + "\n")
                        .statusCode())
                .isEqualTo(204);
        assertThat(post(SERVER.withApiKey(PATH).header("Content-Encoding", "zstd"), "text/plain", zstd)
                        .statusCode())
                .isEqualTo(204);
        assertThat(get("/api/v1/query?query=text_plain")).contains("\"0.1\"]");
        assertThat(get("/api/v1/query?query=text_zstd")).contains("\"2\"]");
    }

    @Test
    void openMetrics_isStored_withItsExemplars() {
        HttpResponse<String> answer = post(
                OPEN_METRICS, "# TYPE om counter\nom_total 5 " + NOW / 1000.0 + " # {trace_id=\"77\"} 0.5\n# EOF\n");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(get("/api/v1/query?query=om_total")).contains("\"5\"]");
        assertThat(get("/api/v1/query_exemplars?query=om_total")).contains("{\"trace_id\":\"77\"}");
    }

    @Test
    void refusals_nameTheLine() {
        HttpResponse<String> partial = post("text/plain", "text_partial 1\ntext_partial{ 2\n");
        HttpResponse<String> whole = post(OPEN_METRICS, "om_whole 1\n# TYPE om_whole gauge\n# EOF\n");

        assertThat(partial.statusCode()).isEqualTo(400);
        assertThat(partial.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(partial.body()).contains("line 2: ").contains("dropped=1");
        assertThat(get("/api/v1/query?query=text_partial")).contains("\"1\"]");
        assertThat(whole.statusCode()).isEqualTo(400);
        assertThat(whole.body()).contains("line 2: TYPE of om_whole stands behind its samples");
        assertThat(get("/api/v1/query?query=om_whole")).contains("\"result\":[]");
        assertThat(post("application/json", "{}").statusCode()).isEqualTo(415);
        assertThat(post(SERVER.request(PATH), "text/plain", new byte[0]).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aBodyThatInflatesWithoutEnd_isRefusedAtTheLimit() {
        byte[] bomb = Zstd.compress(new byte[256 << 20]);

        HttpResponse<String> answer =
                post(SERVER.withApiKey(PATH).header("Content-Encoding", "zstd"), "text/plain", bomb);

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("33554432").contains("auspex.ingest.max-body-bytes");
    }

    @Test
    void samples_areSeenByTheirTenantOnly() {
        TwoTenants tenants = TwoTenants.get();
        HttpResponse<String> key =
                tenants.firstAdmin.post("/api/v1/api-keys", "{\"name\":\"text\",\"scopes\":[\"ingest\"]}");

        assertThat(post(
                                SERVER.request(PATH)
                                        .header("Authorization", "Bearer " + ApiClient.field(key.body(), "key")),
                                "text/plain",
                                "text_north 1\n".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(204);
        assertThat(tenants.firstAdmin.get("/api/v1/query?query=text_north").body())
                .contains("\"1\"]");
        assertThat(tenants.secondAdmin.get("/api/v1/query?query=text_north").body())
                .contains("\"result\":[]");
    }
}
