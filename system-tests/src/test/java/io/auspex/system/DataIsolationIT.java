package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tenant {@code north} sends series over HTTP and has them judged, forecast, trained on and reported. Tenant {@code
 * south}, which has none, asks the same questions with the same rights and must hear nothing of it.
 */
final class DataIsolationIT {
    private static final TwoTenants TENANTS = TwoTenants.get();
    /** Stands in a label of everything north sent, and nowhere else. */
    private static final String CANARY = "canary-5d20c7";

    private static final String METRIC = "node_load1";
    private static final String SELECTOR = METRIC + "{owner=\"" + CANARY + "\"}";
    private static final Labels SERIES = Labels.of("__name__", METRIC, "owner", CANARY);
    private static final int SAMPLES = 400;
    private static final long STEP = 15_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String NORTH = key(TENANTS.firstAdmin);
    private static final String SOUTH = key(TENANTS.secondAdmin);
    private static final long END = System.currentTimeMillis();

    @BeforeAll
    static void northSendsAQuietHistory() {
        RemoteWriteRequest request = new RemoteWriteRequest();
        SplittableRandom noise = new SplittableRandom(7);
        for (int i = SAMPLES; i > 0; i--) {
            request.add(SERIES, END - i * STEP, 1 + 0.1 * noise.nextDouble());
        }
        push(request);
    }

    private static Stream<String> questions() {
        String selector = URLEncoder.encode(SELECTOR, StandardCharsets.UTF_8);
        String all = URLEncoder.encode("{__name__=~\".+\"}", StandardCharsets.UTF_8);
        String range = "&start=" + (END - SAMPLES * STEP) / 1000 + "&end=" + END / 1000;
        return Stream.of(
                "/api/v1/query?query=" + selector,
                "/api/v1/query?query=" + all,
                "/api/v1/query?query=" + URLEncoder.encode(METRIC + "[1h]", StandardCharsets.UTF_8),
                "/api/v1/query_range?step=60&query=" + selector + range,
                "/api/v1/query_range?step=60&query=" + all + range,
                "/api/v1/series?match%5B%5D=" + all + range,
                "/api/v1/label/owner/values",
                "/api/v1/label/owner/values?match%5B%5D=" + all);
    }

    @Test
    void series_areSeenByTheirTenantOnly() {
        questions().forEach(question -> {
            assertThat(ask(NORTH, question)).as(question).contains(CANARY);
            assertThat(ask(SOUTH, question))
                    .as(question)
                    .doesNotContain(CANARY)
                    .containsPattern("\"(data|result)\":\\[\\]");
        });
        for (String names : List.of("/api/v1/labels", "/api/v1/label/__name__/values")) {
            assertThat(ask(NORTH, names)).as(names).containsAnyOf("\"owner\"", METRIC);
            assertThat(ask(SOUTH, names)).as(names).contains("\"data\":[]");
        }
    }

    @Test
    void detectionAndForecast_onDemand_knowTheCallersSeriesOnly() {
        String query = SELECTOR.replace("\"", "\\\"");
        for (String path : List.of("detect/anomalies", "predict/metrics")) {
            String body = "{\"query\":\"" + query + "\"}";
            assertThat(tell(NORTH, "/api/v1/performance/" + path, body))
                    .as(path)
                    .contains(CANARY);
            assertThat(tell(SOUTH, "/api/v1/performance/" + path, body))
                    .as(path)
                    .doesNotContain(CANARY)
                    .containsPattern("\"(series|forecasts)\":\\[\\]");
        }
        String forecasts = ask(NORTH, "/api/v1/performance/forecasts?limit=1000");
        assertThat(forecasts).contains(CANARY);
        hidden("/api/v1/performance/forecasts", ApiClient.field(forecasts, "id"));
    }

    @Test
    void anomaliesAndInsights_areTheirTenants() {
        List<String> sent = new ArrayList<>();
        Eventually.within(PATIENCE, () -> {
            // live detection judges what comes fresh, once it has learned the series
            push(new RemoteWriteRequest().add(SERIES, System.currentTimeMillis(), 500 + sent.size()));
            sent.add("one");
            assertThat(ask(NORTH, "/api/v1/performance/anomalies?limit=1000")).contains(CANARY);
            assertThat(ask(NORTH, "/api/v1/insights?limit=1000")).contains(CANARY);
        });

        hidden(
                "/api/v1/performance/anomalies",
                ApiClient.field(ask(NORTH, "/api/v1/performance/anomalies?limit=1"), "id"));
        hidden("/api/v1/insights", ApiClient.field(ask(NORTH, "/api/v1/insights?limit=1"), "id"));
    }

    @Test
    void trainingRuns_areTheirTenants_andTrainOnItsSeriesOnly() {
        String norths = finished("/api/v1/ml/training-runs", "");
        hidden("/api/v1/ml/training-runs", norths);
        hidden("/api/v1/system/jobs/runs", norths);
        for (String action : List.of("stop", "restart")) {
            String path = "/api/v1/system/jobs/runs/" + norths + "/" + action;
            assertThat(client(SOUTH).post(path, "").statusCode()).as(path).isEqualTo(404);
        }

        String souths = await(SOUTH, tell(SOUTH, "/api/v1/ml/training-runs", ""));
        assertThat(souths).contains("\"total\":0");
        assertThat(ask(NORTH, "/api/v1/system/jobs/runs?limit=1000"))
                .doesNotContain("\"id\":" + ApiClient.field(souths, "id") + ",");
    }

    @Test
    void reports_tellOfTheirTenantOnly() {
        String day = "{\"day\":\"" + java.time.LocalDate.now(java.time.ZoneOffset.UTC) + "\"}";
        String norths = finished("/api/v1/reports", day);
        String souths = ApiClient.field(await(SOUTH, tell(SOUTH, "/api/v1/reports", day)), "id");

        hidden("/api/v1/reports", norths);
        for (String format : List.of("csv", "html")) {
            String query = "/download?format=" + format;
            assertThat(ask(NORTH, "/api/v1/reports/" + norths + query)).contains(CANARY);
            assertThat(ask(SOUTH, "/api/v1/reports/" + souths + query)).doesNotContain(CANARY);
            assertThat(client(SOUTH).get("/api/v1/reports/" + norths + query).statusCode())
                    .isEqualTo(404);
        }
    }

    /** North sees it and has it in its list; for south it is like what does not exist, and its list is without it. */
    private static void hidden(String collection, String id) {
        assertThat(ask(NORTH, collection + "/" + id)).isNotEmpty();
        HttpResponse<String> theirs = client(SOUTH).get(collection + "/" + id);
        HttpResponse<String> nobodys = client(SOUTH).get(collection + "/999999999");
        assertThat(theirs.statusCode()).as(collection).isEqualTo(404).isEqualTo(nobodys.statusCode());
        assertThat(theirs.body().replaceAll("\"instance\":\"[^\"]*\"", ""))
                .isEqualTo(nobodys.body().replaceAll("\"instance\":\"[^\"]*\"", ""));
        assertThat(ask(SOUTH, collection + "?limit=1000"))
                .as(collection)
                .doesNotContain(CANARY)
                .doesNotContain("\"id\":" + id + ",");
    }

    private static String finished(String collection, String body) {
        return ApiClient.field(await(NORTH, tell(NORTH, collection, body)), "id");
    }

    private static String await(String key, String run) {
        String path = "/api/v1/system/jobs/runs/" + ApiClient.field(run, "id");
        Eventually.within(PATIENCE, () -> assertThat(ask(key, path)).contains("COMPLETED"));
        return ask(key, path);
    }

    private static String ask(String key, String path) {
        HttpResponse<String> answer = client(key).get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String tell(String key, String path, String body) {
        HttpResponse<String> answer = client(key).post(path, body);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(200, 202);
        return answer.body();
    }

    private static ApiClient client(String key) {
        return ApiClient.withBearer(TENANTS.server, key);
    }

    private static String key(ApiClient admin) {
        HttpResponse<String> made = admin.post(
                "/api/v1/api-keys", "{\"name\":\"data\",\"scopes\":[\"ingest\",\"query\",\"alerts\",\"admin\"]}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return ApiClient.field(made.body(), "key");
    }

    private static void push(RemoteWriteRequest request) {
        HttpResponse<String> answer = TENANTS.server.send(TENANTS.server
                .request("/api/v1/write")
                .header("Authorization", "Bearer " + NORTH)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBody()))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
}
