package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A tenant's samples as a file, and back in another tenant, where they are the same. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SnapshotIT {
    private static final long NOW = System.currentTimeMillis() / 1_000 * 1_000;
    private static final String[] EVERYTHING = {
        "/api/v1/query?query=" + encoded("{__name__=~\"snap.*\"}[3d]") + "&time=" + NOW / 1_000,
        "/api/v1/series?match[]=" + encoded("{__name__=~\"snap.*\"}") + "&start=" + (NOW / 1_000 - 300_000),
        "/api/v1/metadata?metric=snap_orders_total",
        "/api/v1/query_exemplars?query=snap_orders_total&start=" + (NOW / 1_000 - 300_000) + "&end="
                + (NOW / 1_000 + 10)
    };

    private static RunningServer server;
    private static ApiClient from;
    private static ApiClient copy;
    private static ApiClient outsider;
    private static Path file;

    @BeforeAll
    static void start() {
        server = RunningServer.fresh("snapshot");
        TwoTenants tenants = TwoTenants.of(server);
        from = tenants.further("origin");
        copy = tenants.further("copy");
        outsider = tenants.further("outsider");
        write(from, "origin");
        write(outsider, "outsider");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String key(ApiClient of) {
        return ApiClient.field(
                of.post("/api/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"ingest\"]}")
                        .body(),
                "key");
    }

    private static void write(ApiClient of, String owner) {
        String secret = key(of);
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (int i = 0; i < 50; i++) {
            for (int t = 0; t < 200; t++) {
                double value = t == 100 && i == 3 ? Double.NaN : Math.sin(t * 0.1 + i) * 1e6;
                request.add(
                        Labels.of("__name__", "snap_gauge", "i", "s" + i, "of", owner),
                        NOW - 86_400_000 + t * 60_000,
                        value);
            }
        }
        assertThat(server.send(server.request("/api/v1/write")
                                .header("Authorization", "Bearer " + secret)
                                .header("Content-Type", "application/x-protobuf")
                                .header("Content-Encoding", "snappy")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBody()))
                                .build())
                        .statusCode())
                .isEqualTo(204);
        String text = "# TYPE snap_orders counter\n# HELP snap_orders All \\\"orders\\\".\nsnap_orders_total{of=\""
                + owner + "\",city=\"Z\u00fcrich\\n\"} 5 " + NOW / 1_000 + " # {trace_id=\"t1\"} 0.5\n# EOF\n";
        HttpResponse<String> stored = server.send(server.request("/api/v1/import/prometheus")
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/openmetrics-text")
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build());
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(204);
    }

    /** Sends a difference; the server answers with what it makes of it all. */
    private static String total(ApiClient of, long millis, int difference) {
        HttpResponse<String> sent = server.send(server.request("/v1/metrics")
                .header("Authorization", "Bearer " + key(of))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"differences\",\"sum\":{"
                                + "\"isMonotonic\":true,\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":\""
                                + millis + "000000\",\"asInt\":\"" + difference + "\"}]}}]}]}]}"))
                .build());
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        return of.get("/api/v1/query?query=differences_total&time=" + (millis / 1_000 + 1))
                .body();
    }

    @Test
    @Order(1)
    void aSnapshot_isAFileThatOnlyTheServerReads() throws IOException {
        HttpResponse<String> asked = from.post("/api/v1/admin/tsdb/snapshot", "");

        assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
        assertThat(asked.body())
                .matches("\\{\"status\":\"success\",\"data\":\\{\"name\":\"\\d{8}T\\d{6}Z-[0-9a-f]{16}\"\\}\\}");
        String run = asked.headers().firstValue("Location").orElseThrow();
        Eventually.within(
                Duration.ofSeconds(60),
                () -> assertThat(from.get(run).body()).contains("\"COMPLETED\"").contains("rows: "));
        assertThat(outsider.get(run).statusCode()).isEqualTo(404);
        file = server.data().resolve("snapshots/origin").resolve(ApiClient.field(asked.body(), "name") + ".snapshot");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    @Order(2)
    void restored_itIsTheSame_andAloneInItsTenant() throws IOException {
        String[] expected = new String[EVERYTHING.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = from.get(EVERYTHING[i]).body();
        }
        assertThat(expected[0]).contains("NaN").contains("origin").hasSizeGreaterThan(100_000);
        assertThat(expected[3]).contains("t1");
        assertThat(total(outsider, NOW, 40)).contains("\"40\"");
        server.stop();

        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Path damaged = Files.write(file.resolveSibling("damaged"), bytes);
        RunningServer.Ended refused = server.run("restore", damaged.toString(), "never-made");
        RunningServer.Ended taken = server.run("restore", file.toString(), "outsider");
        RunningServer.Ended restored = server.run("restore", file.toString(), "copy");

        assertThat(refused.console())
                .containsPattern("is damaged or not complete at byte \\d+: a block does not match");
        assertThat(refused.status()).isEqualTo(65);
        assertThat(taken.console()).contains("tenant outsider has samples already");
        assertThat(restored.console()).contains("restored ").contains(" rows into tenant copy");
        assertThat(restored.status()).isZero();
        server.restart();
        from = ApiClient.signedIn(server, "tenant-admin@origin", TwoTenants.PASSWORD);
        copy = ApiClient.signedIn(server, "tenant-admin@copy", TwoTenants.PASSWORD);
        outsider = ApiClient.signedIn(server, "tenant-admin@outsider", TwoTenants.PASSWORD);
        assertThat(total(outsider, NOW + 1_000, 2))
                .as("running totals go on after a restart")
                .contains("\"42\"");
        for (int i = 0; i < expected.length; i++) {
            assertThat(copy.get(EVERYTHING[i]).body()).isEqualTo(expected[i]);
            assertThat(from.get(EVERYTHING[i]).body()).isEqualTo(expected[i]);
            assertThat(outsider.get(EVERYTHING[i]).body()).doesNotContain("origin");
        }
        assertThat(ApiClient.administrator(server)
                        .get("/api/tenant-management/tenants")
                        .body())
                .contains("\"copy\"")
                .doesNotContain("never-made");
    }

    @Test
    @Order(3)
    void restoredSeries_areWrittenOn_andStayTheirTenants() {
        String secret = key(copy);
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (int i = 0; i < 50; i++) {
            request.add(Labels.of("__name__", "snap_gauge", "i", "s" + i, "of", "origin"), NOW, 42 + i);
        }
        assertThat(server.send(server.request("/api/v1/write")
                                .header("Authorization", "Bearer " + secret)
                                .header("Content-Type", "application/x-protobuf")
                                .header("Content-Encoding", "snappy")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBody()))
                                .build())
                        .statusCode())
                .isEqualTo(204);
        write(from, "later");
        // has everything flushed
        String run = copy.post("/api/v1/admin/tsdb/snapshot", "")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Eventually.within(
                Duration.ofSeconds(60), () -> assertThat(copy.get(run).body()).contains("\"COMPLETED\""));

        String query =
                "/api/v1/query?query=" + encoded("sum(snap_gauge{of=\"origin\"})") + "&time=" + (NOW / 1_000 + 1);
        assertThat(copy.get(query).body()).contains("\"" + (50 * 42 + 49 * 25) + "\"");
        assertThat(from.get(query).body()).contains("\"result\":[]");
        assertThat(copy.get("/api/v1/query?query=" + encoded("count({of=\"later\"})") + "&time=" + (NOW / 1_000 + 1))
                        .body())
                .contains("\"result\":[]");
    }
}
