package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits of a tenant against the packaged server: what they keep out, what is told about it, and whom they spare. */
final class GuardRailsIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final long NOW = System.currentTimeMillis();
    private static ApiClient admin;
    private static String key;
    private static String otherKey;

    /** Tenants of this test's own, since their limits would be in others' way. */
    @BeforeAll
    static void tenants() {
        admin = TwoTenants.get().further("rails");
        key = key(admin);
        otherKey = key(TwoTenants.get().further("rails-other"));
    }

    private static String key(ApiClient of) {
        return ApiClient.field(
                of.post("/api/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"ingest\"]}")
                        .body(),
                "key");
    }

    private static HttpResponse<String> write(String secret, byte[] body) {
        return SERVER.send(SERVER.request("/api/v1/write")
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private static byte[] series(String metric, int from, int to, long time) {
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (int i = from; i < to; i++) {
            request.add(Labels.of("__name__", metric, "zone", "z" + i % 3, "user", "u" + i), time, i);
        }
        return request.toBody();
    }

    private static void configure(String json) {
        HttpResponse<String> now = admin.get("/api/v1/ingest/config");
        HttpResponse<String> changed = admin.with(
                        "If-Match", now.headers().firstValue("ETag").orElseThrow())
                .put("/api/v1/ingest/config", json);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    @Test
    void breaker_keepsNewSeriesOut_andNamesTheCause() {
        configure("{\"activeSeries\":1500}");
        assertThat(write(key, series("steady", 0, 400, NOW)).statusCode()).isEqualTo(204);

        HttpResponse<String> refused = write(key, series("exploding", 0, 5_000, NOW));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("more active series than the plan allows");
        assertThat(write(key, series("steady", 0, 400, NOW + 1_000)).statusCode())
                .as("series that are there lose nothing")
                .isEqualTo(204);
        assertThat(write(otherKey, series("others", 0, 1_000, NOW)).statusCode())
                .as("another tenant")
                .isEqualTo(204);
        String cardinality = admin.get("/api/v1/ingest/cardinality").body();
        assertThat(cardinality)
                .contains("\"breaker\":\"open\"")
                .contains("\"activeSeriesLimit\":1500")
                .containsPattern("\"metrics\":\\[\\{[^\\[]*\"labels\":\\[\\{[^}]*\"label\":\"user\"")
                .contains("exploding");
        Eventually.within(
                Duration.ofSeconds(30),
                () -> assertThat(admin.get("/api/v1/ingest/rejects").body())
                        .contains("\"reason\":\"series_limit\"")
                        .containsPattern("\"reason\":\"series_limit\"[^}]*\"samples\":(39|4[0-3])\\d\\d")
                        .contains("\"fix\":\""));
        configure("{}");
    }

    @Test
    void oneMetric_hasALimitOfItsOwn() {
        configure("{\"seriesPerMetric\":10}");

        HttpResponse<String> refused = write(key, series("per_metric", 0, 25, NOW));

        assertThat(refused.body()).startsWith("15 of 25 samples rejected: 15 x more series of the metric");
        assertThat(write(key, series("per_metric_too", 0, 10, NOW)).statusCode())
                .isEqualTo(204);
        configure("{}");
    }

    @Test
    void rate_isLimited_andTheSenderIsToldWhen() {
        configure("{\"samplesPerSecond\":10}");
        HttpResponse<String> first = write(key, series("fast", 0, 200, NOW + 5_000));

        HttpResponse<String> second = write(key, series("fast", 0, 200, NOW + 6_000));

        assertThat(first.statusCode()).as("a burst").isEqualTo(204);
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.headers().firstValue("Retry-After")).isPresent();
        assertThat(second.body()).contains("more than 10 samples a second");
        assertThat(write(otherKey, series("fast", 0, 200, NOW)).statusCode()).isEqualTo(204);
        configure("{}");
    }

    @Test
    void promotion_holdsForTheNextRequest_ofThatTenantOnly() {
        configure("{\"otlpPromote\":[\"host.name\"]}");
        String body = "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"host.name\",\"value\":"
                + "{\"stringValue\":\"h1\"}}]},\"scopeMetrics\":[{\"metrics\":[{\"name\":\"promoted\",\"gauge\":"
                + "{\"dataPoints\":[{\"timeUnixNano\":\"" + NOW + "000000\",\"asInt\":1}]}}]}]}]}";
        for (String secret : new String[] {key, otherKey}) {
            HttpResponse<String> answer = SERVER.send(SERVER.request("/v1/metrics")
                    .header("Authorization", "Bearer " + secret)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }

        assertThat(admin.get("/api/v1/query?query=promoted").body()).contains("\"host_name\":\"h1\"");
        assertThat(ApiClient.signedIn(SERVER, "tenant-admin@rails-other", TwoTenants.PASSWORD)
                        .get("/api/v1/query?query=promoted")
                        .body())
                .contains("promoted")
                .doesNotContain("host_name");
        configure("{}");
    }

    @Test
    void config_isChecked_andChangesAreNotLost() {
        HttpResponse<String> now = admin.get("/api/v1/ingest/config");
        ApiClient current =
                admin.with("If-Match", now.headers().firstValue("ETag").orElseThrow());

        assertThat(current.put("/api/v1/ingest/config", "{\"activeSeries\":-1}").body())
                .contains("activeSeries must not be negative, got -1");
        assertThat(admin.put("/api/v1/ingest/config", "{}").statusCode()).isEqualTo(428);
        assertThat(admin.with("If-Match", "\"999\"")
                        .put("/api/v1/ingest/config", "{}")
                        .statusCode())
                .isEqualTo(412);
    }

    @Test
    void rejects_areSeenByTheirTenantOnly() {
        byte[] old = new RemoteWriteRequest()
                .add(Labels.of("__name__", "canary_reject"), 1_000, 1)
                .toBody();
        assertThat(write(key, old).statusCode()).isEqualTo(400);

        assertThat(admin.get("/api/v1/ingest/rejects").body())
                .contains("canary_reject")
                .contains("\"reason\":\"too_old\"")
                .contains("timestamp 1000 = 1970-01-01T00:00:01Z");
        assertThat(admin.get("/api/v1/series?match%5B%5D=canary_reject").body())
                .as("a sender with a wrong clock makes no series")
                .contains("\"data\":[]");
        assertThat(ApiClient.signedIn(SERVER, "tenant-admin@rails-other", TwoTenants.PASSWORD)
                        .get("/api/v1/ingest/rejects")
                        .body())
                .doesNotContain("canary_reject");
    }
}
