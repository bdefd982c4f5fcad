package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Remote write against the packaged server: what it answers, and that nothing acknowledged is ever lost. */
final class RemoteWriteIT {
    private static final Pattern SAMPLE = Pattern.compile("\\[(\\d+(?:\\.\\d+)?),\"([^\"]+)\"\\]");
    private static final long START = System.currentTimeMillis() / 1000 * 1000 - 600_000;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.fresh("remote-write", Map.of("AUSPEX_INGEST_CREATED_ZEROS", "true"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void write_isReadBackEqual() {
        RemoteWriteRequest request = new RemoteWriteRequest();
        Map<Long, Double> expected = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            double value = i % 7 == 0 ? i / 3.0 : i;
            request.add(Labels.of("__name__", "equal", "job", "it"), START + i * 1000L, value);
            expected.put(START + i * 1000L, value);
        }

        HttpResponse<String> answer = write(request.toBody());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(samples("equal", START + 500_000)).isEqualTo(expected);
    }

    @Test
    void write_storesTheGoodSamples_andNamesTheBadOnes() {
        byte[] body = new RemoteWriteRequest()
                .add(Labels.of("__name__", "partial", "job", "it"), START, 1)
                .add(Labels.of("__name__", "partial", "job", "it"), START + 365 * 86_400_000L, 2)
                .add(Labels.of("job", "it"), START, 3)
                .toBody();

        HttpResponse<String> answer = write(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(answer.headers().firstValue("X-Correlation-ID")).isPresent();
        assertThat(answer.body())
                .startsWith("2 of 3 samples rejected: ")
                .contains("further in the future")
                .contains("partial")
                .contains("__name__ is missing");
        assertThat(samples("partial", START)).isEqualTo(Map.of(START, 1.0));
    }

    @Test
    void aCounter_beginsAtZero_whereItsSenderSaysSo() {
        byte[] body = RemoteWrite2IT.request(
                "created",
                List.of(series -> RemoteWrite2IT.sample(5, START + 60_000)
                        .accept(series.packed(1, 1, 2).varint(6, START))));

        for (int i = 0; i < 2; i++) {
            assertThat(send(post(body).setHeader("Content-Type", RemoteWrite2IT.TYPE))
                            .statusCode())
                    .isEqualTo(204);
        }

        assertThat(samples("created", START + 60_000)).isEqualTo(Map.of(START, 0.0, START + 60_000, 5.0));
    }

    @Test
    void write_refusesWhatIsNoRemoteWrite() {
        byte[] body = new RemoteWriteRequest()
                .add(Labels.of("__name__", "x"), START, 1)
                .toBody();

        assertThat(send(post(body).setHeader("Content-Type", "application/json"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(send(post(body).setHeader("Content-Encoding", "gzip")).statusCode())
                .isEqualTo(415);
        assertThat(send(post("no snappy at all".getBytes(StandardCharsets.UTF_8)))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(post(new byte[17 << 20])).statusCode()).isEqualTo(413);
        assertThat(send(server.withApiKey("/api/v1/write").GET()).statusCode()).isEqualTo(405);
    }

    @Test
    void write_needsACredential() {
        byte[] body = new RemoteWriteRequest()
                .add(Labels.of("__name__", "x"), START, 1)
                .toBody();
        HttpRequest.Builder anonymous = server.request("/api/v1/write")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));

        assertThat(send(anonymous).statusCode()).isEqualTo(401);
    }

    @Test
    void acknowledgedSamples_surviveAKill() throws InterruptedException {
        Map<Long, Double> acknowledged = new ConcurrentSkipListMap<>();
        AtomicBoolean killed = new AtomicBoolean();
        Thread[] senders = new Thread[3];
        for (int sender = 0; sender < senders.length; sender++) {
            long offset = sender;
            senders[sender] = new Thread(() -> sendUntil(killed, offset, acknowledged));
            senders[sender].start();
        }
        while (acknowledged.size() < 3_000) {
            Thread.onSpinWait();
        }

        server.killHard();
        killed.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
        server.start();

        assertThat(samples("survivor", START + 599_000)).containsAllEntriesOf(acknowledged);
    }

    private static void sendUntil(AtomicBoolean stop, long offset, Map<Long, Double> acknowledged) {
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (long at = START + offset; !stop.get(); at += 30) {
            Map<Long, Double> sent = new TreeMap<>();
            for (int i = 0; i < 10; i++) {
                request.add(Labels.of("__name__", "survivor"), at + i * 3, at % 1000 + i);
                sent.put(at + i * 3, (double) (at % 1000 + i));
            }
            try {
                if (write(request.toBody()).statusCode() == 204) {
                    acknowledged.putAll(sent);
                }
            } catch (java.io.UncheckedIOException e) {
                return; // the server is gone: not acknowledged
            }
        }
    }

    @Test
    void write_goesOn_whilePostgresIsAway_alsoWithNewSeries() {
        Labels labels = Labels.of("__name__", "outage");
        assertThat(write(one(labels, START, 1)).statusCode()).isEqualTo(204);

        server.stopPostgres();
        try {
            assertThat(write(one(labels, START + 1, 2)).statusCode()).isEqualTo(204);
            assertThat(write(one(Labels.of("__name__", "outage_new"), START + 1, 3))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(samples("outage_new", START + 10)).isEqualTo(Map.of(START + 1, 3.0));
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(server.get("/health/ready").body()).contains("\"degraded\":true");
            assertThat(metric("auspex_spool_active")).isEqualTo(1);
        } finally {
            server.startPostgres();
        }

        Eventually.within(
                Duration.ofSeconds(30),
                () -> assertThat(metric("auspex_spool_active")).isZero());
        assertThat(metric("auspex_spool_replayed_samples_total")).isPositive();
        assertThat(write(one(labels, START + 2, 3)).statusCode()).isEqualTo(204);
        assertThat(samples("outage", START + 10)).isEqualTo(Map.of(START, 1.0, START + 1, 2.0, START + 2, 3.0));
        assertThat(server.get("/health/ready").body()).doesNotContain("degraded");
    }

    private static double metric(String name) {
        Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$")
                .matcher(send(server.withApiKey("/metrics").GET()).body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private static byte[] one(Labels labels, long time, double value) {
        return new RemoteWriteRequest().add(labels, time, value).toBody();
    }

    private static HttpResponse<String> write(byte[] body) {
        return send(post(body));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return server.send(request.build());
    }

    private static HttpRequest.Builder post(byte[] body) {
        return server.withApiKey("/api/v1/write")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    /** The raw samples of a metric with one series, up to a time. */
    private static Map<Long, Double> samples(String metric, long to) {
        HttpResponse<String> answer = send(server.withApiKey("/api/v1/query?query="
                        + URLEncoder.encode(metric + "[1h]", StandardCharsets.UTF_8) + "&time=" + to / 1000.0)
                .GET());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Map<Long, Double> samples = new TreeMap<>();
        Matcher matcher = SAMPLE.matcher(answer.body());
        while (matcher.find()) {
            samples.put(Math.round(Double.parseDouble(matcher.group(1)) * 1000), Double.parseDouble(matcher.group(2)));
        }
        return samples;
    }
}
