package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's Prometheus reads from Auspex what it has not scraped itself; so does the newer one that {@code dev tools
 * peers} fetches, which takes chunks, where it is there. Debian's promtool asks Auspex itself.
 */
final class RemoteReadIT {
    private static final long NOW = System.currentTimeMillis() / 1000 * 1000;
    private static final int SAMPLES = 400;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static RunningServer auspex;
    private static Programs programs;

    @BeforeAll
    static void write() {
        auspex = RunningServer.shared();
        programs = new Programs("remote-read");
        programs.file("key", RunningServer.API_KEY);
        programs.file("prometheus.yml", """
                remote_read:
                  - url: %s
                    read_recent: true
                    authorization: {credentials_file: key}
                """.formatted(auspex.uri("/api/v1/read")));
        StringBuilder text = new StringBuilder("# TYPE remote_read_total counter\n# HELP remote_read_total Read.\n");
        for (int i = 0; i < SAMPLES; i++) {
            for (String path : new String[] {"/a", "/b\\\"c"}) {
                text.append("remote_read_total{path=\"%s\"} %s %d%n"
                        .formatted(path, i * 1.25, NOW - (SAMPLES - 1 - i) * 1000L));
            }
        }
        HttpResponse<String> answer = auspex.send(auspex.withApiKey("/api/v1/import/prometheus")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(text.toString()))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
        writeNativeHistograms();
    }

    /** A histogram that grows, begins anew, and gets another bucket. */
    private static void writeNativeHistograms() {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            int count = i % 150;
            points.append(i == 0 ? "" : ",")
                    .append("{\"startTimeUnixNano\":\"1\",\"timeUnixNano\":\"%d000000\",\"count\":\"%d\",\"sum\":%s,"
                            .formatted(NOW - (199 - i) * 1000L, 3 * count + 1, count * 2.5))
                    .append(
                            "\"scale\":1,\"zeroCount\":\"1\",\"positive\":{\"offset\":-3,\"bucketCounts\":[\"%d\",\"%d\"%s]}}"
                                    .formatted(
                                            count, count, i < 100 ? ",\"" + count + "\"" : ",\"0\",\"" + count + "\""));
        }
        String body =
                "{\"resourceMetrics\":[{\"resource\":{},\"scopeMetrics\":[{\"metrics\":[{\"name\":\"remote_native\","
                        + "\"exponentialHistogram\":{\"aggregationTemporality\":2,\"dataPoints\":[" + points
                        + "]}}]}]}]}";
        HttpResponse<String> answer = auspex.send(auspex.withApiKey("/v1/metrics")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"debian", "peer"})
    void prometheus_readsWhatWeHave(String which) {
        String program = "prometheus";
        if (which.equals("peer")) {
            Path peer = Path.of(System.getProperty("user.home"), ".cache/auspex/tools/peers/usr/bin/prometheus");
            org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(peer), "dev tools peers fetches it");
            program = peer.toString();
        }
        int port = Programs.freePort();
        programs.start(
                program,
                "--config.file=prometheus.yml",
                "--web.listen-address=127.0.0.1:" + port,
                "--storage.tsdb.path=" + programs.directory().resolve("tsdb-" + which));
        URI base = URI.create("http://127.0.0.1:" + port);
        Eventually.within(Duration.ofSeconds(60), () -> {
            String range = "/api/v1/query?time=" + NOW / 1000 + "&query=";
            assertThat(ask(base, range + encode("remote_read_total[10m]")))
                    .isEqualTo(ask(auspex.uri(""), range + encode("remote_read_total[10m]")))
                    .contains("498.75");
            assertThat(ask(base, range + encode("sum by (path) (rate(remote_read_total[5m]))")))
                    .isEqualTo(ask(auspex.uri(""), range + encode("sum by (path) (rate(remote_read_total[5m]))")))
                    .contains("1.25");
            if (which.equals("peer")) { // it takes chunks, and knows native histograms
                for (String query : new String[] {
                    "histogram_count(remote_native)[5m:1s]",
                    "histogram_sum(remote_native)[5m:1s]",
                    "histogram_count(rate(remote_native[3m]))",
                    "resets(remote_native[5m])"
                }) {
                    assertThat(ask(base, range + encode(query)))
                            .isEqualTo(ask(auspex.uri(""), range + encode(query)))
                            .contains("\"result\":[{");
                }
            }
        });
    }

    @Test
    void promtool_asksForInstantsRangesSeriesAndLabels() {
        String server = "http://any-name:" + RunningServer.API_KEY + "@127.0.0.1:" + auspex.port();
        String from = "--start=" + (NOW / 1000 - 300);
        String to = "--end=" + NOW / 1000;
        assertThat(query("range", from, to, "--step=60s", server, "sum(rate(remote_read_total[1m]))"))
                .contains("2.5 @[");
        assertThat(query("series", from, to, "--match=remote_read_total", server))
                .contains("{__name__=\"remote_read_total\", path=\"/a\"}");
        assertThat(query("labels", from, to, server, "path")).contains("/a");
        assertThat(query("instant", "--time=" + NOW / 1000, server, "remote_read_total{path=\"/a\"}"))
                .contains("remote_read_total{path=\"/a\"} => 498.75 @[");
    }

    private static String query(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "query";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Programs.Result answer = programs.run("", "promtool", all);
        assertThat(answer.status()).as(answer.output()).isZero();
        return answer.output();
    }

    private static String ask(URI server, String path) {
        try {
            HttpResponse<String> answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(server + path))
                            .header("Authorization", "Bearer " + RunningServer.API_KEY)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (java.io.IOException e) {
            throw new AssertionError(server + " does not answer", e); // not yet, perhaps
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
