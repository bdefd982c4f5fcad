package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packaged server and a real Prometheus scrape the same targets with the same configuration and end up the same. */
final class ScrapeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Path FILES = Path.of("target", "scrape-files").toAbsolutePath();

    private static final String BODY = """
            # HELP shop_orders_total All orders.
            # TYPE shop_orders_total counter
            shop_orders_total{city="Bern",job="own",pod="p-1"} 5
            shop_orders_total{city="Chur",instance="i",exported_job="e",pod="p-2"} 7
            # TYPE queue gauge
            queue{name="a;b",Team="Blue"} 1.5e3
            queue{name="mail",Team="red"} NaN
            go_noise{x="1"} 1
            # TYPE lat histogram
            lat_bucket{le="0.5"} 1
            lat_bucket{le="+Inf"} 3
            lat_sum 4
            lat_count 3
            timed 9 1000
            """;

    private static final String OPEN_METRICS = """
            # TYPE om counter
            # HELP om Loose but complete.
            om_total{a="b"} 3 # {trace_id="t"} 1
            om_created 1
            # EOF
            """;

    private static HttpServer targets;
    private static volatile String extra = "";
    private static RunningServer auspex;
    private static Programs programs;
    private static URI prometheus;
    private static ApiClient other;

    @BeforeAll
    static void start() throws IOException {
        targets = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        targets.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "target");
            thread.setDaemon(true);
            return thread;
        }));
        serve("/metrics", "text/plain; version=0.0.4", () -> BODY + extra);
        serve("/open", "application/openmetrics-text; version=1.0.0; charset=utf-8", () -> OPEN_METRICS);
        serve("/broken", "text/plain", () -> "good 1\nbad one\n");
        serve("/typeless", "application/json", () -> "{}");
        targets.createContext("/secret", exchange -> {
            boolean known = "Bearer s3cret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = "secret_up 1\n".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(known ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        targets.start();
        Directories.delete(FILES);
        Files.createDirectories(FILES.resolve("default/targets"));
        Files.createDirectories(FILES.resolve("default/secrets"));
        Files.writeString(FILES.resolve("default/secrets/token"), "s3cret\n");
        Files.writeString(
                FILES.resolve("default/targets/found.yml"),
                "- targets: ['127.0.0.1:" + port() + "']\n  labels: {found: 'yes'}\n");
        auspex = RunningServer.fresh(
                "scrape", Map.of("AUSPEX_SCRAPE_ALLOW", "127.0.0.0/8", "AUSPEX_SCRAPE_DIRECTORY", FILES.toString()));
        other = TwoTenants.of(auspex).further("scrape-other");
        programs = new Programs("scrape");
        int port = Programs.freePort();
        prometheus = URI.create("http://127.0.0.1:" + port);
        programs.file("token", "s3cret");
        programs.file(
                "prometheus.yml",
                "global: {scrape_interval: 1m}\nscrape_configs:\n"
                        + jobs().replace("files: [found.yml]", "files: ['" + FILES + "/default/targets/found.yml']"));
        Path newest = Path.of(System.getProperty("user.home"), ".cache/auspex/tools/peers/usr/bin/prometheus");
        programs.start(
                Files.exists(newest) ? newest.toString() : "prometheus",
                "--config.file=prometheus.yml",
                "--web.listen-address=127.0.0.1:" + port,
                "--storage.tsdb.path=" + programs.directory().resolve("tsdb"));
        configure(jobs());
    }

    @AfterAll
    static void stop() {
        programs.close();
        auspex.close();
        targets.stop(0);
    }

    /** Text that a target shows at the moment. */
    @FunctionalInterface
    private interface Text {
        String now();
    }

    private static void serve(String path, String type, Text text) {
        targets.createContext(path, exchange -> {
            boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
            exchange.getResponseHeaders().set("Content-Type", type);
            if (gzip) {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            }
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream plain = exchange.getResponseBody();
                    OutputStream out = gzip ? new GZIPOutputStream(plain) : plain) {
                out.write(text.now().getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static int port() {
        return targets.getAddress().getPort();
    }

    private static String jobs() {
        return """
                - job_name: shop
                  scrape_interval: 1s
                  static_configs:
                    - {targets: ['127.0.0.1:%1$d', 'localhost:%1$d'], labels: {zone: z1}}
                    - {targets: ['127.0.0.1:%1$d'], labels: {zone: dropped}}
                  relabel_configs:
                    - {action: drop, source_labels: [zone], regex: dropped}
                    - {source_labels: [__address__], regex: '([^:]+):\\d+', target_label: host, replacement: 'h-${1}'}
                    - {action: hashmod, source_labels: [__address__], modulus: 7, target_label: shard}
                  metric_relabel_configs:
                    - {action: drop, source_labels: [__name__], regex: 'go_.*'}
                    - {action: labeldrop, regex: pod}
                    - {action: lowercase, source_labels: [Team], target_label: team}
                    - {action: labelmap, regex: '(ci)(ty)', replacement: '${2}_$1'}
                    - {source_labels: [name, team], separator: '|', regex: '(.+);(.+)\\|blue', target_label: parts, replacement: '$2-$1'}
                - job_name: honest
                  scrape_interval: 1s
                  honor_labels: true
                  honor_timestamps: false
                  metrics_path: /metrics
                  file_sd_configs: [{files: [found.yml]}]
                - job_name: open
                  scrape_interval: 1s
                  metrics_path: /open
                  params: {a: [b]}
                  static_configs: [{targets: ['127.0.0.1:%1$d']}]
                - job_name: secret
                  scrape_interval: 1s
                  metrics_path: /secret
                  authorization: {credentials_file: token}
                  static_configs: [{targets: ['127.0.0.1:%1$d']}]
                - job_name: too-much
                  scrape_interval: 1s
                  sample_limit: 5
                  static_configs: [{targets: ['127.0.0.1:%1$d']}]
                - job_name: broken
                  scrape_interval: 1s
                  metrics_path: /broken
                  static_configs: [{targets: ['127.0.0.1:%1$d']}]
                - job_name: missing
                  scrape_interval: 1s
                  metrics_path: /nothing-here
                  static_configs: [{targets: ['127.0.0.1:%1$d']}]
                """.formatted(port());
    }

    private static void configure(String scrape) {
        HttpResponse<String> now =
                auspex.send(auspex.withApiKey("/api/v1/ingest/config").GET().build());
        HttpResponse<String> set = auspex.send(auspex.withApiKey("/api/v1/ingest/config")
                .header("If-Match", now.headers().firstValue("ETag").orElseThrow())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(
                        Json.createObjectBuilder().add("scrape", scrape).build().toString()))
                .build());
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    }

    private static JsonObject ask(URI server, String pathAndQuery) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + pathAndQuery))
                .header("Authorization", "Bearer " + RunningServer.API_KEY)
                .build();
        try (JsonReader reader = Json.createReader(new StringReader(
                CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body()))) {
            return reader.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Value of each series of a query, without those values that differ by nature. */
    private static Map<String, String> values(URI server, String query) {
        Map<String, String> values = new TreeMap<>();
        ask(server, "/api/v1/query?query=" + encoded(query))
                .getJsonObject("data")
                .getJsonArray("result")
                .getValuesAs(JsonObject.class)
                .forEach(series -> values.put(
                        new TreeMap<>(series.getJsonObject("metric")).toString(),
                        series.getJsonArray("value").getString(1)));
        return values;
    }

    @Test
    void series_areThoseThatPrometheusHas() {
        String all =
                "{job=~\"shop|own|honest|open|secret|too-much|broken|missing\",__name__!=\"scrape_duration_seconds\"}";
        Eventually.within(PATIENCE, () -> {
            Map<String, String> expected = values(prometheus, all);
            assertThat(expected).hasSizeGreaterThan(50);
            assertThat(values(auspex.uri(""), all)).isEqualTo(expected);
        });
        assertThat(values(auspex.uri(""), "count({job=\"shop\",__name__=\"scrape_duration_seconds\"})"))
                .containsEntry("{}", "2");
        assertThat(values(auspex.uri(""), "up").entrySet())
                .anyMatch(up ->
                        up.getKey().contains("\"too-much\"") && up.getValue().equals("0"))
                .anyMatch(up ->
                        up.getKey().contains("\"secret\"") && up.getValue().equals("1"));
        assertThat(other.get("/api/v1/query?query=" + encoded("up{job=\"shop\"}"))
                        .body())
                .contains("\"result\":[]");
    }

    @Test
    void aSeriesThatVanishes_endsAtOnce() {
        extra = "here_today 1\n";
        try {
            Eventually.within(
                    PATIENCE,
                    () -> assertThat(values(auspex.uri(""), "here_today{job=\"shop\"}"))
                            .hasSize(2));
        } finally {
            extra = "";
        }
        Eventually.within(
                Duration.ofSeconds(15),
                () -> assertThat(values(auspex.uri(""), "here_today{job=\"shop\"}"))
                        .isEmpty());
        assertThat(values(auspex.uri(""), "count_over_time(here_today{job=\"shop\"}[5m])"))
                .hasSize(2);
    }

    @Test
    void aJobThatGoes_endsItsSeries_andOnesThatStayGoOn() {
        String passing = "- job_name: passing\n  scrape_interval: 1s\n  static_configs: [{targets: ['127.0.0.1:"
                + port() + "']}]\n";
        String query = "{job=\"passing\",__name__=~\"up|queue\"}";
        configure(jobs() + passing);
        Eventually.within(
                PATIENCE, () -> assertThat(values(auspex.uri(""), query)).hasSize(3));

        configure(jobs());

        Eventually.within(
                Duration.ofSeconds(30),
                () -> assertThat(values(auspex.uri(""), query)).isEmpty());
        assertThat(values(auspex.uri(""), "count_over_time(" + query + "[5m])")).hasSize(3);
        assertThat(values(auspex.uri(""), "queue{job=\"shop\"}")).hasSize(4);
    }

    @Test
    void targets_tellHowItGoes() {
        Eventually.within(PATIENCE, () -> {
            JsonObject data = ask(auspex.uri(""), "/api/v1/targets").getJsonObject("data");
            Map<String, String> errors = new TreeMap<>();
            data.getJsonArray("activeTargets")
                    .getValuesAs(JsonObject.class)
                    .forEach(target -> errors.put(
                            target.getString("scrapePool"),
                            target.getString("health") + " " + target.getString("lastError")));
            assertThat(errors)
                    .containsEntry("shop", "up ")
                    .hasEntrySatisfying(
                            "too-much",
                            error -> assertThat(error)
                                    .matches("down sample limit exceeded: 1[01] samples, the limit is 5"))
                    .containsEntry("missing", "down server returned HTTP status 404 Not Found")
                    .containsEntry("broken", "down line 2: the value 'one' is not a number");
            assertThat(data.getJsonArray("droppedTargets")).hasSize(1);
            assertThat(data.getJsonObject("droppedTargetCounts").getInt("shop")).isEqualTo(1);
        });
        assertThat(ask(auspex.uri(""), "/api/v1/scrape_pools").toString()).contains("\"honest\"", "\"missing\"");
        assertThat(ask(auspex.uri(""), "/api/v1/targets?state=dropped&scrapePool=shop")
                        .getJsonObject("data")
                        .getJsonArray("activeTargets"))
                .isEmpty();
        assertThat(ask(
                                auspex.uri(""),
                                "/api/v1/targets/metadata?metric=shop_orders_total&match_target="
                                        + URLEncoder.encode(
                                                "{job=\"shop\",host=\"h-localhost\"}", StandardCharsets.UTF_8))
                        .toString())
                .contains("\"help\":\"All orders.\"")
                .contains("h-localhost")
                .doesNotContain("h-127");
        assertThat(other.get("/api/v1/targets").body()).doesNotContain("\"shop\"");
        assertThat(other.get("/api/v1/targets/metadata").statusCode()).isEqualTo(404);
        assertThat(other.get("/api/v1/scrape_pools").body())
                .contains("scrapePools")
                .doesNotContain("\"shop\"");
    }

    @Test
    void aTenant_reachesNeitherTheServersPartsNorOthersFiles() {
        HttpResponse<String> now = other.get("/api/v1/ingest/config");
        HttpResponse<String> set = other.with(
                        "If-Match", now.headers().firstValue("ETag").orElseThrow())
                .put(
                        "/api/v1/ingest/config",
                        Json.createObjectBuilder()
                                .add("scrape", """
                                - job_name: meta
                                  scrape_interval: 1s
                                  static_configs: [{targets: ['169.254.169.254', '127.0.0.1:4848', '[::1]:1']}]
                                - job_name: stolen
                                  scrape_interval: 1s
                                  metrics_path: /secret
                                  authorization: {credentials_file: token}
                                  static_configs: [{targets: ['127.0.0.1:%d']}]
                                  file_sd_configs: [{files: [found.yml]}]
                                """.formatted(port()))
                                .build()
                                .toString());
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
        Eventually.within(PATIENCE, () -> {
            String targets = other.get("/api/v1/targets").body();
            assertThat(targets)
                    .contains("169.254.169.254 is not scraped: the operator denies 169.254.0.0/16")
                    .contains("127.0.0.1 is not scraped: it is the server's own database or administration")
                    .contains("the operator denies ::/127")
                    .contains("the operator has put no file token for this tenant")
                    .doesNotContain("found\\\"");
        });
    }
}
