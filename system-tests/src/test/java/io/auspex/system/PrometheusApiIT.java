package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.series.Labels;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.InputStream;
import java.io.StringReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What data sources and other clients of Prometheus ask for beside queries, in the reference's shapes. */
final class PrometheusApiIT {
    private static final long NOW = System.currentTimeMillis() / 1000 * 1000;
    private static final long T = NOW - 60_000;
    private static final TwoTenants TENANTS = TwoTenants.get();
    private static final RunningServer SERVER = RunningServer.shared();

    @BeforeAll
    static void write() {
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (int i = 0; i <= 60; i++) {
            request.add(Labels.of("__name__", "api_it_total", "instance", "a", "path", "/x"), T + i * 1000L, i);
            request.add(Labels.of("__name__", "api_it_total", "instance", "b", "path", "/y"), T + i * 1000L, 2 * i);
        }
        request.add(Labels.of("__name__", "api_it_old", "instance", "a"), NOW - 3_600_000, 1);
        request.add(Labels.of("__name__", "grafana_it_up", "instance", "a"), NOW, 1);
        HttpResponse<String> answer = SERVER.send(SERVER.withApiKey("/api/v1/write")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBody()))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private static HttpResponse<String> get(String path) {
        return SERVER.send(SERVER.withApiKey(path).GET().build());
    }

    private static HttpResponse<String> form(String path, String form) {
        return SERVER.send(SERVER.withApiKey(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    }

    private static String q(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }

    private static JsonObject data(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            JsonObject envelope = reader.readObject();
            assertThat(envelope.getString("status")).isEqualTo("success");
            return envelope;
        }
    }

    @Test
    void whatIsNotDone_isAnEmptyList() {
        assertThat(get("/api/v1/targets").body())
                .isEqualTo("{\"status\":\"success\",\"data\":{\"activeTargets\":[],\"droppedTargets\":[],"
                        + "\"droppedTargetCounts\":{}}}");
        assertThat(get("/api/v1/targets?state=active").body()).contains("\"droppedTargetCounts\":null");
        assertThat(get("/api/v1/scrape_pools").body()).contains("\"data\":{\"scrapePools\":[]}");
        assertThat(get("/api/v1/alertmanagers").body())
                .contains("\"data\":{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[]}");
        assertThat(get("/api/v1/rules").body()).contains("\"data\":{\"groups\":[]}");
        assertThat(get("/api/v1/rules?type=alert&exclude_alerts=true").body()).contains("\"groups\":[]");
        assertThat(get("/api/v1/alerts").body()).contains("\"data\":{\"alerts\":[]}");
        assertThat(get("/api/v1/notifications").body()).isEqualTo("{\"status\":\"success\",\"data\":[]}");
        assertThat(get("/api/v1/targets/metadata"))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(404))
                .satisfies(answer -> assertThat(answer.body()).contains("specified metadata not found"));
        for (String bad : new String[] {"type=x", "exclude_alerts=2", "group_limit=0", "group_next_token=1"}) {
            assertThat(get("/api/v1/rules?" + bad).statusCode()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void status_answers() {
        assertThat(data(get("/api/v1/status/buildinfo")).getJsonObject("data").getString("version"))
                .isEqualTo("3.5.3");
        assertThat(data(get("/api/v1/status/config")).getJsonObject("data").getString("yaml"))
                .contains("global:");
        assertThat(get("/api/v1/status/walreplay").body()).contains("\"data\":{\"min\":0,\"max\":0,\"current\":0}");
        JsonObject tsdb = data(get("/api/v1/status/tsdb?limit=3")).getJsonObject("data");
        assertThat(tsdb.getJsonObject("headStats").getInt("numSeries")).isPositive();
        assertThat(tsdb.getJsonObject("headStats").getInt("chunkCount")).isPositive();
        assertThat(tsdb.getJsonObject("headStats").getJsonNumber("maxTime").longValue())
                .isGreaterThanOrEqualTo(NOW);
        assertThat(tsdb.getJsonArray("memoryInBytesByLabelName")).hasSize(3);
        assertThat(get("/api/v1/status/tsdb?limit=0").body()).contains("limit must be a positive number");
        assertThat(get("/api/v1/status/tsdb?limit=x").statusCode()).isEqualTo(400);
    }

    /** What Grafana's Prometheus data source sends: its health check, its builder's and its variables' calls. */
    @Test
    void grafana_isAnswered() {
        String range = "start=" + (T / 1000) + "&end=" + (NOW / 1000);
        assertThat(form("/api/v1/query", "query=1%2B1&time=" + NOW / 1000.0).body())
                .contains("\"resultType\":\"scalar\"")
                .endsWith("\"2\"]}}");
        assertThat(form("/api/v1/labels", range).body()).contains("\"path\"");
        assertThat(form("/api/v1/labels", range + "&match[]=" + q("{__name__=\"api_it_total\"}"))
                        .body())
                .isEqualTo("{\"status\":\"success\",\"data\":[\"__name__\",\"instance\",\"path\"]}");
        assertThat(get("/api/v1/label/path/values?" + range + "&match[]=" + q("api_it_total"))
                        .body())
                .isEqualTo("{\"status\":\"success\",\"data\":[\"/x\",\"/y\"]}");
        assertThat(get("/api/v1/label/__name__/values?limit=1&" + range).body())
                .contains("\"warnings\":[\"results truncated due to limit\"]");
        assertThat(form("/api/v1/series", range + "&match[]=" + q("api_it_total{path=\"/x\"}"))
                        .body())
                .isEqualTo("{\"status\":\"success\",\"data\":[{\"__name__\":\"api_it_total\",\"instance\":\"a\","
                        + "\"path\":\"/x\"}]}");
        assertThat(get("/api/v1/metadata?limit=1").body()).startsWith("{\"status\":\"success\",\"data\":{");
        assertThat(get("/api/v1/metadata?limit=x").statusCode()).isEqualTo(400);
        assertThat(form(
                                "/api/v1/query_range",
                                "query=" + q("sum(rate(api_it_total[30s]))") + "&step=10&stats=all&" + range)
                        .body())
                .contains("\"resultType\":\"matrix\"")
                .contains("\"totalQueryableSamplesPerStep\":[[")
                .contains("\"innerEvalTime\":");
    }

    @Test
    void labels_areThoseOfTheRange() {
        String range = "&start=" + (T / 1000) + "&end=" + (NOW / 1000);
        assertThat(get("/api/v1/series?match[]=api_it_old" + range).body())
                .isEqualTo("{\"status\":\"success\",\"data\":[]}");
        assertThat(get("/api/v1/series?match[]=api_it_old").body()).contains("api_it_old");
        assertThat(get("/api/v1/label/__name__/values?" + range.substring(1)).body())
                .contains("api_it_total")
                .doesNotContain("api_it_old");
    }

    @Test
    void federate_writesTheNewestSamples() {
        HttpResponse<String> answer = get("/federate?match[]=" + q("{__name__=~\"api_it_.*\"}"));

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type)
                        .startsWith("text/plain;version=0.0.4".replace(";", type.contains("; ") ? "; " : ";")));
        assertThat(answer.body())
                .isEqualTo("# TYPE api_it_total untyped\n"
                        + "api_it_total{instance=\"a\",path=\"/x\"} 60 " + NOW + "\n"
                        + "api_it_total{instance=\"b\",path=\"/y\"} 120 " + NOW + "\n");
        assertThat(get("/federate").statusCode()).isEqualTo(400);
        assertThat(TENANTS.secondAdmin
                        .get("/federate?match[]=" + q("{__name__=~\"api_it_.*\"}"))
                        .body())
                .isEmpty();
    }

    @Test
    void advice_foretellsWhatARunCosts_ofOnesOwnSeries() {
        String body = "{\"query\":\"rate(api_it_total[30s])\",\"start\":" + (NOW / 1000 - 20) + ",\"end\":" + NOW / 1000
                + ",\"step\":\"10s\",\"dryRun\":true}";
        HttpResponse<String> answer = SERVER.send(SERVER.withApiKey("/api/v1/performance/query/advise")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"query\":\"rate(api_it_total[30s])\"")
                .contains("\"series\":2")
                .contains("\"actual\":{");
        assertThat(TENANTS.secondAdmin
                        .post("/api/v1/performance/query/advise", body)
                        .body())
                .contains("\"resultSeries\":0");
        assertThat(TENANTS.secondAdmin
                        .post("/api/v1/performance/query/advise", "{\"query\":\"sum(\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(TENANTS.withRole("viewer")
                        .post("/api/v1/performance/query/advise", body)
                        .statusCode())
                .isEqualTo(403);
        Eventually.within(
                Duration.ofSeconds(60),
                () -> assertThat(get("/api/v1/performance/query/log?limit=1000").body())
                        .contains("\"query\":\"rate(api_it_total[30s])\""));
        assertThat(TENANTS.secondAdmin.get("/api/v1/performance/query/log").body())
                .doesNotContain("api_it_old");
    }

    @Test
    void advice_isCheckedByADryRun_andRemembered() {
        RemoteWriteRequest series = new RemoteWriteRequest();
        for (int i = 0; i < 120; i++) {
            series.add(Labels.of("__name__", "advised_" + i % 3, "i", "" + i, "who", "advised"), NOW, i);
        }
        assertThat(SERVER.send(SERVER.withApiKey("/api/v1/write")
                                .header("Content-Type", "application/x-protobuf")
                                .header("Content-Encoding", "snappy")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(series.toBody()))
                                .build())
                        .statusCode())
                .isEqualTo(204);
        String body = "{\"query\":\"{who=\\\"advised\\\"}\",\"start\":" + NOW / 1000 + ",\"dryRun\":true}";

        HttpResponse<String> answer = SERVER.send(SERVER.withApiKey("/api/v1/performance/query/advise")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());

        JsonObject hint = json(answer).getJsonArray("hints").getJsonObject(0);
        assertThat(hint.getString("kind")).isEqualTo("unbounded-matcher");
        assertThat(hint.getJsonObject("checked").getInt("resultSeries")).isEqualTo(3);
        assertThat(get("/api/v1/performance/query/advice").body())
                .contains("advised", "unbounded-matcher", "\"checked\":{", "\"actual\":{");
        assertThat(TENANTS.secondAdmin.get("/api/v1/performance/query/advice").body())
                .doesNotContain("advised");
        assertThat(TENANTS.withRole("viewer")
                        .get("/api/v1/performance/query/advice")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void query_endsWithinASecond_whenItsClientGoes() throws Exception {
        String query = "sum_over_time(sum_over_time(sum_over_time(api_it_total[5d:1s])[2d:1s])[1d:1s]) + 4711";
        URI server = SERVER.uri("/");
        double waited;
        try (Socket client = new Socket(server.getHost(), server.getPort())) {
            client.getOutputStream()
                    .write(("GET /api/v1/query?query=" + q(query) + "&time=" + (NOW / 1000 + 4 * 86_400)
                                    + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nAuthorization: Bearer "
                                    + RunningServer.API_KEY + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            long asked = System.nanoTime();
            client.setSoTimeout(2_000);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .as("still at work")
                    .isInstanceOf(SocketTimeoutException.class);
            waited = (System.nanoTime() - asked) / 1e9;
        }
        Eventually.within(Duration.ofSeconds(5), () -> {
            JsonObject logged = Json.createReader(new StringReader(
                            get("/api/v1/performance/query/log?limit=1000").body()))
                    .readArray()
                    .getValuesAs(JsonObject.class)
                    .stream()
                    .filter(one -> one.getString("query").endsWith(" + 4711"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("not logged yet"));
            assertThat(logged.getInt("cancelled")).isEqualTo(1);
            assertThat(logged.getInt("failures")).isZero();
            assertThat(logged.getJsonNumber("seconds").doubleValue()).isBetween(waited - 1, waited + 1);
        });
    }

    @Test
    void explanation_tellsWhatWasRead_ofOnesOwnSeries() {
        String body = "{\"query\":\"sum(rate(api_it_total[30s]))\",\"start\":" + (NOW / 1000 - 20) + ",\"end\":"
                + NOW / 1000 + ",\"step\":\"10s\"}";
        HttpResponse<String> answer = SERVER.send(SERVER.withApiKey("/api/v1/performance/query/explain")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonObject explanation = json(answer);
        assertThat(explanation.getInt("steps")).isEqualTo(3);
        assertThat(explanation.getInt("series")).isEqualTo(2);
        assertThat(explanation.getJsonArray("plan").getValuesAs(JsonObject.class))
                .extracting(part -> part.getString("text"))
                .containsExactly("sum(\u2026)", "rate(\u2026)", "api_it_total[30s]");
        JsonObject read = explanation.getJsonObject("read");
        assertThat(read.getJsonObject("head").getInt("samples")
                        + read.getJsonObject("packs").getInt("samples"))
                .isPositive();
        assertThat(explanation.getJsonObject("phases").getJsonNumber("evaluate").doubleValue())
                .isPositive();
        JsonObject foreign = json(TENANTS.secondAdmin.post("/api/v1/performance/query/explain", body));
        assertThat(foreign.getInt("series")).isZero();
        assertThat(foreign.getJsonArray("plan")
                        .getJsonObject(2)
                        .getJsonObject("read")
                        .toString())
                .contains("{\"samples\":0}");
        assertThat(TENANTS.withRole("viewer")
                        .post("/api/v1/performance/query/explain", body)
                        .statusCode())
                .isEqualTo(200);
        assertThat(TENANTS.secondAdmin
                        .post("/api/v1/performance/query/explain", "{\"query\":\"sum(\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void notifications_areAStream() throws Exception {
        HttpResponse<InputStream> stream = HttpClient.newHttpClient()
                .send(
                        SERVER.withApiKey("/api/v1/notifications/live").GET().build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = stream.body()) {
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(body.read()).isEqualTo(':');
        }
        assertThat(SERVER.send(SERVER.request("/api/v1/notifications/live")
                                .GET()
                                .build())
                        .body())
                .startsWith("{\"status\":\"error\",\"errorType\":\"unauthorized\"");
    }

    @Test
    void whatIsNoEndpoint_isToldInTheEnvelope_whereTheReferenceOwnsThePath() {
        for (String path : new String[] {
            "/api/v1/status/nothing", "/api/v1/targets/x/y", "/api/v1/label/job", "/api/v1/admin/tsdb/nothing"
        }) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(404);
            assertThat(answer.body())
                    .as(path)
                    .startsWith("{\"status\":\"error\",\"errorType\":\"not_found\",\"error\":\"");
        }
        assertThat(get("/api/v1/nothing").body()).contains("\"type\":\"");
    }

    @Test
    void refusals_comeInTheEnvelope() {
        for (String path : new String[] {"/api/v1/query?query=1", "/api/v1/metadata", "/api/v1/label/x/values"}) {
            HttpResponse<String> anonymous =
                    SERVER.send(SERVER.request(path).GET().build());
            assertThat(anonymous.statusCode()).isEqualTo(401);
            assertThat(anonymous.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(anonymous.body()).startsWith("{\"status\":\"error\",\"errorType\":\"unauthorized\",\"error\":");
        }
        HttpResponse<String> foreign = SERVER.send(SERVER.withApiKey("/api/v1/query?query=1")
                .header("X-Scope-OrgID", "nobody")
                .GET()
                .build());
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.body()).startsWith("{\"status\":\"error\",\"errorType\":\"forbidden\"");
    }
}
