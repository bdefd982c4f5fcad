package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two packaged servers over one PostgreSQL, set up by environment variables alone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TwoNodesIT {
    private static final Pattern SAMPLE = Pattern.compile("\\[(\\d+(?:\\.\\d+)?),\"([^\"]+)\"\\]");
    private static final int WIDTH = 20;
    private static final long START = System.currentTimeMillis() / 1000 * 1000 - 900_000;
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static RunningServer first;
    private static RunningServer second;

    @BeforeAll
    static void start() throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "AUSPEX_DB_CONNECTIONS", "8",
                "AUSPEX_STORAGE_FLUSH_INTERVAL", "PT7S",
                "AUSPEX_STORAGE_KEEP_IN_HEAD", "PT0S",
                "AUSPEX_NODE", "first"));
        first = RunningServer.fresh("first-node", settings);
        settings.put("AUSPEX_NODE", "second");
        settings.putAll(EmbeddedDatabase.settings(first));
        second = RunningServer.fresh("second-node", settings);
    }

    @AfterAll
    static void stop() {
        if (second != null) {
            second.close();
        }
        first.close();
    }

    private static String query(RunningServer node, String query) {
        HttpResponse<String> answer = node.send(node.withApiKey("/api/v1/query?query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&time=" + (START / 1000 + 1_000))
                .GET()
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static int write(RunningServer node, byte[] body) {
        return node.send(node.withApiKey("/api/v1/write")
                        .header("Content-Type", "application/x-protobuf")
                        .header("Content-Encoding", "snappy")
                        .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build())
                .statusCode();
    }

    private static List<String> sql(String statement) {
        try (Connection connection = EmbeddedDatabase.superuser(first, "auspex");
                Statement executed = connection.createStatement();
                ResultSet row = executed.executeQuery(statement)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    @Test
    @Order(1)
    void sample_isReadOnTheOtherNode_afterAMoment() {
        List<Long> lags = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            RunningServer to = i % 2 == 0 ? first : second;
            RunningServer from = i % 2 == 0 ? second : first;
            byte[] body = new RemoteWriteRequest()
                    .add(Labels.of("__name__", "lag"), START + i * 1000L, i + 0.5)
                    .toBody();
            assertThat(write(to, body)).isEqualTo(204);
            long written = System.nanoTime();
            while (!query(from, "lag[1h]").contains("\"" + i + ".5\"")) {
                assertThat(System.nanoTime() - written)
                        .isLessThan(Duration.ofSeconds(10).toNanos());
            }
            lags.add((System.nanoTime() - written) / 1_000_000);
        }
        Collections.sort(lags);
        System.out.println("seen on the other node after ms: p50 " + lags.get(30) + ", max " + lags.get(59));
        assertThat(lags.get(30)).isLessThan(500);
        String nodes =
                ApiClient.administrator(second).get("/api/v1/system/nodes").body();
        assertThat(nodes)
                .containsSubsequence("\"first\"", "\"ready\":true", "\"second\"", "\"ready\":true")
                .containsOnlyOnce("\"leads\":true");
    }

    @Test
    @Order(2)
    void whatIsDecidedOnOneNode_holdsOnTheOther() {
        write(
                first,
                new RemoteWriteRequest()
                        .add(Labels.of("__name__", "unwanted"), START, 1)
                        .toBody());
        Eventually.within(
                Duration.ofSeconds(5),
                () -> assertThat(query(second, "unwanted[1h]")).contains("unwanted"));

        HttpResponse<String> deleted = first.send(first.withApiKey("/api/v1/admin/tsdb/delete_series?match[]=unwanted")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(204);
        Eventually.within(
                Duration.ofSeconds(2),
                () -> assertThat(query(second, "unwanted[1h]")).doesNotContain("unwanted"));

        ApiClient admin = ApiClient.administrator(second);
        String location = deleted.headers().firstValue("Location").orElseThrow();
        assertThat(admin.post(location + "/undo", "{}").statusCode()).isEqualTo(200);
        Eventually.within(
                Duration.ofSeconds(2),
                () -> assertThat(query(first, "unwanted[1h]")).contains("unwanted"));

        HttpResponse<String> made = admin.post("/api/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"query\"]}");
        String secret = ApiClient.field(made.body(), "key");
        assertThat(withKey(first, secret)).isEqualTo(200);
        assertThat(admin.delete("/api/v1/api-keys/" + ApiClient.field(made.body(), "id"))
                        .statusCode())
                .isEqualTo(204);
        Eventually.within(
                Duration.ofSeconds(3), () -> assertThat(withKey(first, secret)).isEqualTo(401));
    }

    private static int withKey(RunningServer node, String secret) {
        return node.send(node.request("/api/v1/query?query=1")
                        .header("Authorization", "Bearer " + secret)
                        .GET()
                        .build())
                .statusCode();
    }

    /** Senders write to either, go to the other one when theirs is gone, and send again what was not acknowledged. */
    @Test
    @Order(3)
    void acknowledgedSamples_areThereOnce_onBothNodes_afterEitherWasKilled() throws InterruptedException {
        Map<Long, Boolean> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread sender = new Thread(() -> send(stop, next, acknowledged));
            senders.add(sender);
            sender.start();
        }
        awaitMore(acknowledged, 300);
        first.killHard();
        awaitMore(acknowledged, 300);
        assertHolderChanges("second");
        first.start();
        awaitMore(acknowledged, 300);
        second.killHard();
        awaitMore(acknowledged, 300);
        assertHolderChanges("first");
        second.start();
        awaitMore(acknowledged, 300);
        stop.set(true);
        for (Thread sender : senders) {
            sender.join();
        }

        for (RunningServer node : List.of(first, second)) {
            Eventually.within(
                    Duration.ofSeconds(10),
                    () -> assertThat(missing(node, acknowledged))
                            .as("missing on " + node.data().getFileName())
                            .isEmpty());
        }
        assertThat(sql("select count(*) from auspex.series where metric = 'kept'"))
                .containsExactly(Integer.toString(WIDTH));
        System.out.println("acknowledged samples: " + acknowledged.size() * WIDTH);
    }

    private static void assertHolderChanges(String to) {
        Eventually.within(
                LEASE.multipliedBy(2),
                () -> assertThat(sql("select n.name from auspex.lease l join auspex.cluster_node n using (node_id)"
                                + " where l.until > clock_timestamp()"))
                        .containsExactly(to));
    }

    private static void awaitMore(Map<Long, Boolean> acknowledged, int more) throws InterruptedException {
        int goal = acknowledged.size() + more;
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (acknowledged.size() < goal) {
            assertThat(System.nanoTime()).as("senders make progress").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static void send(AtomicBoolean stop, AtomicInteger next, Map<Long, Boolean> acknowledged) {
        while (!stop.get()) {
            long time = START + next.incrementAndGet() * 20L;
            RemoteWriteRequest request = new RemoteWriteRequest();
            for (int i = 0; i < WIDTH; i++) {
                request.add(Labels.of("__name__", "kept", "i", Integer.toString(i)), time, value(i, time));
            }
            byte[] body = request.toBody();
            while (!stop.get() && !acknowledged.containsKey(time)) {
                RunningServer node = ThreadLocalRandom.current().nextBoolean() ? first : second;
                try {
                    if (write(node, body) == 204) {
                        acknowledged.put(time, true);
                    }
                } catch (UncheckedIOException e) {
                    // the node is gone or not there yet: the other one may take it
                    java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
                }
            }
        }
    }

    private static double value(int series, long time) {
        return (time % 100_003) / (series + 3.0);
    }

    /** Acknowledged samples that a node does not have bit by bit; fails when it has one twice. */
    private static List<String> missing(RunningServer node, Map<Long, Boolean> acknowledged) {
        Map<Integer, Map<Long, Double>> found = new TreeMap<>();
        for (int i = 0; i < WIDTH; i++) {
            Map<Long, Double> samples = new TreeMap<>();
            Matcher sample = SAMPLE.matcher(query(node, "kept{i=\"" + i + "\"}[1h]"));
            while (sample.find()) {
                long time = Math.round(Double.parseDouble(sample.group(1)) * 1000);
                assertThat(samples.put(time, Double.parseDouble(sample.group(2))))
                        .as("twice at " + time)
                        .isNull();
            }
            found.put(i, samples);
        }
        List<String> missing = new ArrayList<>();
        acknowledged
                .keySet()
                .forEach(time -> found.forEach((i, samples) -> {
                    Double there = samples.get(time);
                    if (there == null
                            || Double.doubleToRawLongBits(there) != Double.doubleToRawLongBits(value(i, time))) {
                        missing.add(i + " at " + time + " " + there);
                    }
                }));
        return missing;
    }
}
