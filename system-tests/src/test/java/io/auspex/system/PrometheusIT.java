package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Debian's Prometheus, unmodified, scrapes Debian's node exporter and writes to Auspex; what it asks both must be the
 * same.
 */
final class PrometheusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Programs programs;
    private static RunningServer auspex;
    private static URI prometheus;

    @BeforeAll
    static void prometheusWritesToAuspex() {
        auspex = RunningServer.shared();
        programs = new Programs("prometheus");
        int exporter = Programs.freePort();
        int port = Programs.freePort();
        prometheus = URI.create("http://127.0.0.1:" + port);
        programs.file("key", RunningServer.API_KEY);
        programs.file("prometheus.yml", """
                global:
                  scrape_interval: 1s
                  external_labels: {origin: debian}
                scrape_configs:
                  - job_name: debian-node
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                remote_write:
                  - url: %s
                    authorization: {credentials_file: key}
                    queue_config: {batch_send_deadline: 1s}
                """.formatted(exporter, auspex.uri("/api/v1/write")));
        programs.start("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + exporter);
        programs.start(
                "prometheus",
                "--config.file=prometheus.yml",
                "--web.listen-address=127.0.0.1:" + port,
                "--storage.tsdb.path=" + programs.directory().resolve("tsdb"));
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    @Test
    void everySeriesOfTheExporter_arrives() {
        Eventually.within(PATIENCE, () -> {
            double scraped = single(ask(prometheus, "query", "query=scrape_samples_scraped{job=\"debian-node\"}"));
            double stored =
                    single(auspexAsks("query", "query=count({job=\"debian-node\",__name__!~\"up|scrape_.*\"})"));

            assertThat(scraped).isGreaterThan(100);
            assertThat(stored).isGreaterThanOrEqualTo(scraped);
        });
    }

    @Test
    void rangeQueries_answerTheSame() {
        Eventually.within(
                PATIENCE,
                () -> assertThat(single(auspexAsks("query", "query=count_over_time(up{job=\"debian-node\"}[1m])")))
                        .isGreaterThan(15));
        long end = Instant.now().getEpochSecond() - 3;
        String range = "&start=" + (end - 10) + "&end=" + end + "&step=1";
        for (String query : new String[] {
            "node_memory_MemTotal_bytes{job=\"debian-node\"}",
            "node_cpu_seconds_total{job=\"debian-node\"}",
            "rate(node_cpu_seconds_total{job=\"debian-node\"}[10s])",
            "sum by (mode) (increase(node_cpu_seconds_total{job=\"debian-node\"}[10s]))",
            "max_over_time(node_load1{job=\"debian-node\"}[8s]) * 100 > 0"
        }) {
            // what was scraped last may still be on its way
            Eventually.within(Duration.ofSeconds(20), () -> {
                Map<String, JsonArray> expected = byLabels(ask(prometheus, "query_range", "query=" + query + range));
                Map<String, JsonArray> answered = byLabels(auspexAsks("query_range", "query=" + query + range));
                assertThat(answered).as(query).isEqualTo(expected);
            });
        }
    }

    @Test
    void promtool_findsNothingToSayAboutOurMetrics() {
        String exposition =
                auspex.send(auspex.withApiKey("/metrics").GET().build()).body();
        Programs.Result lint = programs.run(exposition, "promtool", "check", "metrics");

        assertThat(lint.output()).isEmpty();
        assertThat(lint.status()).isZero();
    }

    @Test
    void promtool_queriesUs() {
        String server = "http://any-name:" + RunningServer.API_KEY + "@127.0.0.1:" + auspex.port();
        Programs.Result answer = programs.run("", "promtool", "query", "instant", server, "1 + 1");

        assertThat(answer.output()).contains("scalar: 2");
        assertThat(answer.status()).isZero();
    }

    private static JsonObject auspexAsks(String path, String parameters) {
        return ask(auspex.uri(""), path, parameters);
    }

    private static JsonObject ask(URI server, String path, String parameters) {
        StringBuilder form = new StringBuilder();
        for (String parameter : parameters.split("&(?=start=|end=|step=)", -1)) {
            int equals = parameter.indexOf('=');
            form.append(form.isEmpty() ? "" : "&")
                    .append(parameter, 0, equals + 1)
                    .append(URLEncoder.encode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + "/api/v1/" + path))
                .header("Authorization", "Bearer " + RunningServer.API_KEY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                .build();
        try {
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as("%s %s: %s", server, path, response.body())
                    .isEqualTo(200);
            try (JsonReader reader = Json.createReader(new StringReader(response.body()))) {
                return reader.readObject().getJsonObject("data");
            }
        } catch (IOException e) {
            throw new AssertionError(server + " does not answer", e); // not yet, perhaps
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static double single(JsonObject data) {
        JsonArray result = data.getJsonArray("result");
        assertThat(result).hasSize(1);
        return Double.parseDouble(result.getJsonObject(0).getJsonArray("value").getString(1));
    }

    /** Values by label set; our store adds the sender's external label, which the sender's own answers lack. */
    private static Map<String, JsonArray> byLabels(JsonObject data) {
        Map<String, JsonArray> series = new TreeMap<>();
        for (JsonValue value : data.getJsonArray("result")) {
            Map<String, String> labels = new TreeMap<>();
            value.asJsonObject().getJsonObject("metric").forEach((name, text) -> labels.put(name, text.toString()));
            labels.remove("origin");
            series.put(labels.toString(), value.asJsonObject().getJsonArray("values"));
        }
        assertThat(series).isNotEmpty();
        return series;
    }
}
