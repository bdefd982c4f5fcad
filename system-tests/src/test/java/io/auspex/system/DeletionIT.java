package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Deletion of series against the packaged server, as Prometheus' clients and an administrator see it. */
final class DeletionIT {
    private static final RunningServer SERVER = RunningServer.shared();
    private static final long NOW = System.currentTimeMillis() / 1000 * 1000;
    private static final String RANGE = "start=" + (NOW / 1000 - 600) + "&end=" + (NOW / 1000 + 60);
    private static ApiClient admin;
    private static ApiClient other;
    private static String key;
    private static String queryKey;

    @BeforeAll
    static void tenants() {
        admin = TwoTenants.get().further("deletion");
        other = TwoTenants.get().further("deletion-other");
        key = key(admin, "\"ingest\",\"query\",\"admin\"");
        queryKey = key(admin, "\"query\"");
        write(key);
        write(key(other, "\"ingest\""));
    }

    private static String key(ApiClient of, String scopes) {
        return ApiClient.field(
                of.post("/api/v1/api-keys", "{\"name\":\"k\",\"scopes\":[" + scopes + "]}")
                        .body(),
                "key");
    }

    private static void write(String secret) {
        StringBuilder text = new StringBuilder("# TYPE erase_me gauge\n# HELP erase_me Of mallory.\n");
        for (int i = 0; i < 60; i++) {
            text.append("erase_me{user=\"mallory\"} %s %d%n".formatted(i * 0.5, NOW - (60 - i) * 1000L));
            text.append("stays{user=\"mallory\"} %s %d%n".formatted(i, NOW - (60 - i) * 1000L));
        }
        HttpResponse<String> answer = SERVER.send(SERVER.request("/api/v1/import/prometheus")
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(text.toString()))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    }

    private static String q(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> delete(String secret, String parameters) {
        return SERVER.send(SERVER.request("/api/v1/admin/tsdb/delete_series")
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(parameters))
                .build());
    }

    /** What a tenant is told of the metric, whichever way it asks. */
    private static Map<String, String> everything(ApiClient who) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String path : new String[] {
            "/api/v1/query?time=" + NOW / 1000 + "&query=" + q("erase_me[5m]"),
            "/api/v1/query_range?step=5&" + RANGE + "&query=" + q("count({__name__=~\"era.*\"})"),
            "/api/v1/series?match[]=" + q("{__name__=~\"era.*\"}"),
            "/api/v1/series?" + RANGE + "&match[]=erase_me",
            "/api/v1/label/__name__/values",
            "/api/v1/label/__name__/values?" + RANGE,
            "/api/v1/labels?match[]=erase_me",
            "/api/v1/metadata",
            "/federate?match[]=erase_me",
            "/api/v1/status/tsdb"
        }) {
            HttpResponse<String> answer = who.get(path);
            assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
            // chunks in memory come and go
            answers.put(path, answer.body().replaceAll("erase_me\\[5m]|\"headStats\":\\{[^}]*}", ""));
        }
        return answers;
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject();
        }
    }

    @Test
    void deletion_hides_isTakenBack_andInTheEndErases() throws Exception {
        Map<String, String> before = everything(admin);
        Map<String, String> others = everything(other);
        assertThat(before.get("/api/v1/metadata")).contains("erase_me");

        HttpResponse<String> deleted = delete(key, "match[]=erase_me");

        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(204);
        String location = deleted.headers().firstValue("Location").orElseThrow();
        everything(admin).forEach((path, body) -> assertThat(body).as(path).doesNotContain("erase_me"));
        assertThat(everything(other)).isEqualTo(others);
        assertThat(other.get(location).statusCode()).isEqualTo(404);
        assertThat(other.post(location + "/undo", "{}").statusCode()).isEqualTo(404);
        assertThat(other.get("/api/v1/performance/deletions").body()).isEqualTo("[]");
        JsonObject hidden = json(admin.get(location));
        assertThat(hidden.getString("state")).isEqualTo("hidden");
        assertThat(hidden.getJsonArray("selectors").getString(0)).isEqualTo("erase_me");
        assertThat(hidden.getString("requestedBy")).startsWith("key:");

        assertThat(json(admin.post(location + "/undo", "{}")).getString("state"))
                .isEqualTo("undone");
        assertThat(everything(admin)).isEqualTo(before);
        assertThat(admin.post(location + "/undo", "{}").statusCode()).isEqualTo(409);

        String last = delete(key, "undo=0s&match[]=erase_me")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        assertThat(admin.post("/api/v1/admin/tsdb/clean_tombstones", "{}").statusCode())
                .isEqualTo(204);
        JsonObject erased = json(admin.get(last));
        assertThat(erased.getString("state")).isEqualTo("erased");
        assertThat(erased.getInt("erasedSeries")).isEqualTo(1);
        assertThat(erased.getInt("erasedSamples")).isEqualTo(60);
        assertThat(erased.getJsonArray("selectors")).isEmpty();
        everything(admin).forEach((path, body) -> assertThat(body).as(path).doesNotContain("erase_me"));
        assertThat(everything(other)).isEqualTo(others);
        assertThat(admin.get("/api/v1/query?time=" + NOW / 1000 + "&query=" + q("count_over_time(stays[5m])"))
                        .body())
                .contains("\"60\"");

        JWSObject certificate = JWSObject.parse(erased.getString("certificate"));
        JWKSet keys = JWKSet.parse(
                SERVER.send(SERVER.request("/.well-known/jwks.json").GET().build())
                        .body());
        assertThat(certificate.verify(new ECDSAVerifier(
                        keys.getKeyByKeyId(certificate.getHeader().getKeyID()).toECKey())))
                .isTrue();
        assertThat(certificate.getHeader().getType().getType()).isEqualTo("erasure-certificate+jwt");
        assertThat(certificate.getPayload().toJSONObject())
                .containsEntry("erasedSamples", 60L)
                .containsEntry("selectorsSha256", erased.getString("selectorsSha256"));
        assertThat(SERVER.send(SERVER.request("/api/v1/query?query=1")
                                .header("Authorization", "Bearer " + certificate.serialize())
                                .GET()
                                .build())
                        .statusCode())
                .as("no credential")
                .isEqualTo(401);
    }

    @Test
    void deletion_isForAdministratorsOnly_andRefusesWhatIsWrong() {
        assertThat(delete(queryKey, "match[]=stays").statusCode()).isEqualTo(403);
        assertThat(delete("auspex_nobody", "match[]=stays").statusCode()).isEqualTo(401);
        assertThat(delete(key, "").body()).contains("no match[] parameter provided");
        for (String bad : new String[] {
            "match[]={", "match[]={a=~\".*\"}", "match[]=stays&undo=31d", "match[]=stays&start=2&end=1"
        }) {
            HttpResponse<String> answer = delete(key, bad);
            assertThat(answer.statusCode()).as(bad).isEqualTo(400);
            assertThat(answer.body()).as(bad).startsWith("{\"status\":\"error\",\"errorType\":\"bad_data\"");
        }
        HttpResponse<String> nothing = delete(key, "match[]=there_is_none");
        assertThat(nothing.statusCode()).isEqualTo(204);
        assertThat(nothing.headers().firstValue("Location")).isEmpty();
        assertThat(admin.get("/api/v1/admin/tsdb/delete_series").statusCode()).isEqualTo(405);
        assertThat(admin.get("/api/v1/query?time=" + NOW / 1000 + "&query=" + q("count_over_time(stays[5m])"))
                        .body())
                .contains("\"60\"");
    }
}
