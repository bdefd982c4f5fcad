package io.auspex.system.bench;

import io.auspex.series.Labels;
import io.auspex.system.RunningServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long a sender waits for its acknowledgement at a fixed rate: {@code dev bench ack [samples/s [seconds [outage
 * seconds]]]}.
 *
 * <p>Eight connections send remote write 1.0, 2 000 samples a request, each request at its time whether or not the one before has
 * been slow; a request is timed from the moment at which it was due, so that waiting behind a slow one counts. With an
 * outage, PostgreSQL is stopped for that long in between and started again, and the rates of spool and replay are told.
 */
public final class AckBench {
    private static final int CONNECTIONS = 8;
    private static final int HOSTS = 96;
    private static final int HOSTS_PER_REQUEST = 4;
    private static final long STEP_MILLIS = 15_000;

    private final RecordedHost host;
    private final double rate;
    private final RunningServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong sent = new AtomicLong();
    private final List<String> failures = new ArrayList<>();
    private final long firstMillis;
    private volatile ConcurrentHistogram due = histogram();
    private volatile ConcurrentHistogram answered = histogram();
    private volatile boolean stopped;

    private AckBench(RecordedHost host, double rate, long seconds, RunningServer server) {
        this.host = host;
        this.rate = rate;
        this.server = server;
        double scrapes = rate * seconds / (HOSTS * host.series());
        this.firstMillis = System.currentTimeMillis() - (long) (scrapes + 2) * STEP_MILLIS;
    }

    public static void main(String[] arguments) throws Exception {
        double rate = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 300_000;
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 60;
        long outage = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
        RecordedHost host = RecordedHost.read(Path.of(System.getProperty("auspex.corpora"), "node-exporter"));
        try (RunningServer server =
                RunningServer.fresh("bench-ack", Map.of("AUSPEX_STORAGE_FLUSH_INTERVAL", "PT30S"))) {
            new AckBench(host, rate, seconds + outage + 90, server).run(seconds, outage);
        }
    }

    private void run(long seconds, long outage) throws Exception {
        System.out.printf(
                "%.0f samples/s wanted, %d series, %d samples a request, %d connections%n",
                rate, HOSTS * host.series(), HOSTS_PER_REQUEST * host.series(), CONNECTIONS);
        System.out.printf("%-22s %10s %32s   %s%n", "", "samples/s", "ack since due p50/p95/p99/max", "since sent p99");
        List<Thread> threads = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            int connection = i;
            threads.add(new Thread(() -> send(connection, begin)));
        }
        threads.forEach(Thread::start);
        phase("warming up", 20);
        phase("log", seconds);
        if (outage > 0) {
            server.stopPostgres();
            phase("spool, no PostgreSQL", outage);
            long bytes = (long) metric("auspex_spool_bytes");
            System.out.printf("spool holds %d bytes%n", bytes);
            long started = System.nanoTime();
            server.startPostgres();
            double before = metric("auspex_spool_replayed_samples_total");
            while (metric("auspex_spool_active") > 0) {
                phase("replay beside", 1);
            }
            double took = (System.nanoTime() - started) / 1e9;
            System.out.printf(
                    "replayed %.0f samples in %.1f s, PostgreSQL's start included: %.0f samples/s%n",
                    metric("auspex_spool_replayed_samples_total") - before,
                    took,
                    (metric("auspex_spool_replayed_samples_total") - before) / took);
            phase("log again", 10);
        }
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(failures.isEmpty() ? "no request failed" : failures.size() + " failed: " + failures.get(0));
    }

    private void phase(String name, long seconds) {
        ConcurrentHistogram ofDue = histogram();
        ConcurrentHistogram ofAnswered = histogram();
        due = ofDue;
        answered = ofAnswered;
        long from = sent.get();
        long begin = System.nanoTime();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
        System.out.printf(
                "%-22s %10.0f %7.1f %7.1f %7.1f %7.1f ms %9.1f ms%n",
                name,
                (sent.get() - from) / ((System.nanoTime() - begin) / 1e9),
                ofDue.getValueAtPercentile(50) / 1e3,
                ofDue.getValueAtPercentile(95) / 1e3,
                ofDue.getValueAtPercentile(99) / 1e3,
                ofDue.getMaxValue() / 1e3,
                ofAnswered.getValueAtPercentile(99) / 1e3);
    }

    /** Each connection has hosts of its own and sends their scrapes in order of time. */
    private void send(int connection, long begin) {
        List<RequestFormat> formats = new ArrayList<>();
        List<Integer> first = new ArrayList<>();
        for (int at = connection * HOSTS_PER_REQUEST; at < HOSTS; at += CONNECTIONS * HOSTS_PER_REQUEST) {
            List<List<Labels>> hosts = new ArrayList<>();
            for (int i = at; i < at + HOSTS_PER_REQUEST; i++) {
                hosts.add(host.labels("host-" + i + ":9100"));
            }
            formats.add(RequestFormat.Protocol.REMOTE_WRITE_1.create(hosts));
            first.add(at);
        }
        double nanosPerRequest = 1e9 * HOSTS_PER_REQUEST * host.series() * CONNECTIONS / rate;
        for (long n = 0; !stopped; n++) {
            int group = (int) (n % formats.size());
            int scrape = (int) (n / formats.size());
            RequestFormat format = formats.get(group);
            for (int i = 0; i < HOSTS_PER_REQUEST; i++) {
                format.add(i, host.row(scrape * 5 + (first.get(group) + i) * 37), firstMillis + scrape * STEP_MILLIS);
            }
            HttpRequest.Builder request = server.withApiKey(format.path()).timeout(Duration.ofMinutes(1));
            format.headers().forEach(request::setHeader);
            HttpRequest ready = request.POST(HttpRequest.BodyPublishers.ofByteArray(format.toBody()))
                    .build();
            long dueAt = begin + (long) ((n + (double) connection / CONNECTIONS) * nanosPerRequest);
            for (long early = dueAt - System.nanoTime(); early > 0; early = dueAt - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            submit(ready, dueAt);
        }
    }

    private void submit(HttpRequest request, long dueAt) {
        ConcurrentHistogram ofDue = due;
        ConcurrentHistogram ofAnswered = answered;
        long begin = System.nanoTime();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            long now = System.nanoTime();
            if (answer.statusCode() != 204) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            ofDue.recordValue(TimeUnit.NANOSECONDS.toMicros(now - dueAt));
            ofAnswered.recordValue(TimeUnit.NANOSECONDS.toMicros(now - begin));
            sent.addAndGet((long) HOSTS_PER_REQUEST * host.series());
        } catch (IOException e) {
            synchronized (failures) {
                failures.add(e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double metric(String name) {
        String all = server.send(server.withApiKey("/metrics").GET().build()).body();
        Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(all);
        if (!line.find()) {
            throw new IllegalStateException("no metric " + name);
        }
        return Double.parseDouble(line.group(1));
    }

    private static ConcurrentHistogram histogram() {
        ConcurrentHistogram histogram = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(10), 3);
        histogram.setAutoResize(true);
        return histogram;
    }
}
