package io.auspex.system;

import io.auspex.codec.ByteWriter;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * A tenant that creates a million series a minute against its limit, beside one that does not, on a server with the
 * heap it has by default ({@code dev bench explosion [seconds [restarts [limit]]]}); with a limit beyond what fits, it is
 * the memory of the node that keeps them out.
 *
 * <p>Prints what the other tenant feels, what the existing series of both lost, how much memory the server took, when
 * the label to blame was named, and how long the server took to be ready again when killed in the midst of it.
 */
public final class ExplosionBench {
    private static final int STEADY = 10_000;
    private static final int PER_REQUEST = 2_000;
    private static final int NEW_PER_REQUEST = 1_000;
    private static final long NEW_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(60) / (1_000_000 / NEW_PER_REQUEST);
    private static final long STEADY_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Pattern NUMBER = Pattern.compile("\"value\":\\[[^,]*,\"([^\"]+)\"");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final RunningServer server;
    private final ApiClient floodAdmin;
    private final Tenant calm;
    private final Tenant flood;
    private final int limit;
    private long nextNew;

    /** A tenant's key, and what it was told to be stored of its steady series. */
    private record Tenant(String key, AtomicLong acknowledged, AtomicLong failed) {
        static Tenant of(ApiClient admin) {
            String made = admin.post("/api/v1/api-keys", "{\"name\":\"bench\",\"scopes\":[\"ingest\",\"query\"]}")
                    .body();
            return new Tenant(ApiClient.field(made, "key"), new AtomicLong(), new AtomicLong());
        }
    }

    private ExplosionBench(RunningServer server, int limit) {
        this.server = server;
        this.limit = limit;
        TwoTenants tenants = TwoTenants.of(server);
        this.floodAdmin = tenants.secondAdmin;
        this.calm = Tenant.of(tenants.firstAdmin);
        this.flood = Tenant.of(tenants.secondAdmin);
        HttpResponse<String> now = floodAdmin.get("/api/v1/ingest/config");
        floodAdmin
                .with("If-Match", now.headers().firstValue("ETag").orElseThrow())
                .put("/api/v1/ingest/config", "{\"activeSeries\":" + limit + "}");
    }

    public static void main(String[] arguments) throws Exception {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 60;
        int restarts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        int limit = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100_000;
        Map<String, String> settings =
                Map.of("AUSPEX_INGEST_ACTIVE_SERIES", Integer.toString(Math.max(limit, 500_000)));
        try (RunningServer server = RunningServer.fresh("explosion", settings)) {
            ExplosionBench bench = new ExplosionBench(server, limit);
            bench.run(seconds, System.out);
            bench.restart(restarts, System.out);
        }
    }

    private void run(long seconds, PrintStream out) throws Exception {
        steady(Duration.ofSeconds(20), false, new ConcurrentHistogram(3)); // the JVM compiles
        ConcurrentHistogram before = new ConcurrentHistogram(3);
        steady(Duration.ofSeconds(20), false, before);
        ConcurrentHistogram during = new ConcurrentHistogram(3);
        long begin = System.nanoTime();
        AtomicLong named = new AtomicLong(-1);
        Thread watcher = new Thread(() -> awaitNamed(begin, named));
        watcher.start();
        long peak = steady(Duration.ofSeconds(seconds), true, during);
        watcher.interrupt();
        watcher.join();
        out.printf("new series offered in %d s: %d, limit %d%n", seconds, nextNew, limit);
        out.printf(
                "the other tenant's acknowledgements: p50 %.1f, p95 %.1f ms before, p50 %.1f, p95 %.1f ms during%n",
                before.getValueAtPercentile(50) / 1e3,
                before.getValueAtPercentile(95) / 1e3,
                during.getValueAtPercentile(50) / 1e3,
                during.getValueAtPercentile(95) / 1e3);
        for (Tenant tenant : List.of(calm, flood)) {
            out.printf(
                    "existing series of the %s tenant: %d samples acknowledged, %d requests failed, %d samples stored%n",
                    tenant == calm ? "other" : "flooding",
                    tenant.acknowledged.get(),
                    tenant.failed.get(),
                    stored(tenant));
        }
        out.printf("resident memory of the server, highest: %d MB%n", peak >> 10);
        out.printf(
                "the label to blame was named after %s%n",
                named.get() < 0 ? "no time: it was not" : named.get() / 1_000_000_000 + " s");
    }

    /** Kills the server in the flood and starts it again. */
    private void restart(int trials, PrintStream out) throws Exception {
        int ready = 0;
        for (int i = 0; i < trials; i++) {
            steady(Duration.ofSeconds(5), true, new ConcurrentHistogram(3));
            server.killHard();
            long begin = System.nanoTime();
            try {
                server.start();
                ready++;
                out.printf("killed, ready again after %.1f s%n", (System.nanoTime() - begin) / 1e9);
            } catch (RuntimeException e) {
                out.println("killed, not ready again: " + e.getMessage());
                break;
            }
        }
        out.printf("%d of %d restarts ready%n", ready, trials);
    }

    /** Both tenants write their steady series; returns the highest resident memory in kilobytes. */
    private long steady(Duration time, boolean flooding, ConcurrentHistogram micros) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        threads.add(new Thread(() -> writeSteady(calm, over, micros)));
        threads.add(new Thread(() -> writeSteady(flood, over, new ConcurrentHistogram(3))));
        if (flooding) {
            threads.add(new Thread(() -> writeNew(over)));
        }
        threads.forEach(Thread::start);
        long peak = 0;
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
            peak = Math.max(peak, resident());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
        }
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        return peak;
    }

    private void writeSteady(Tenant tenant, AtomicBoolean over, ConcurrentHistogram micros) {
        byte[][] labels = new byte[STEADY][];
        for (int i = 0; i < STEADY; i++) {
            labels[i] = canonical(Labels.of("__name__", "steady", "job", "bench", "id", Integer.toString(i)));
        }
        RemoteWriteRequest request = new RemoteWriteRequest();
        int from = 0;
        long due = System.nanoTime();
        while (!over.get()) {
            long time = System.currentTimeMillis();
            for (int i = from; i < from + PER_REQUEST; i++) {
                request.add(labels[i], labels[i].length, time, i);
            }
            long begin = System.nanoTime();
            int status = write(tenant, request.toBody()).statusCode();
            micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
            if (status == 204) {
                tenant.acknowledged.addAndGet(PER_REQUEST);
            } else {
                tenant.failed.incrementAndGet();
            }
            from = (from + PER_REQUEST) % STEADY;
            due += STEADY_PERIOD_NANOS;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void writeNew(AtomicBoolean over) {
        RemoteWriteRequest request = new RemoteWriteRequest();
        long due = System.nanoTime();
        while (!over.get()) {
            long time = System.currentTimeMillis();
            for (int i = 0; i < NEW_PER_REQUEST; i++) {
                request.add(
                        Labels.of(
                                "__name__", "exploding", "job", "bench", "zone", "z" + i % 3, "user", "u" + nextNew++),
                        time,
                        i);
            }
            int status = write(flood, request.toBody()).statusCode();
            if (status != 204 && status != 400) {
                throw new IllegalStateException("the flood was answered " + status);
            }
            due += NEW_PERIOD_NANOS;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private HttpResponse<String> write(Tenant tenant, byte[] body) {
        return server.send(server.request("/api/v1/write")
                .header("Authorization", "Bearer " + tenant.key)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private void awaitNamed(long begin, AtomicLong named) {
        while (!Thread.currentThread().isInterrupted()) {
            String body = floodAdmin.get("/api/v1/ingest/cardinality").body();
            if (body.contains("exploding") && body.contains("\"label\":\"user\"")) {
                named.set(System.nanoTime() - begin);
                return;
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    private long stored(Tenant tenant) {
        String query = URLEncoder.encode("sum(count_over_time(steady[1h]))", StandardCharsets.UTF_8);
        String body = server.send(server.request("/api/v1/query?query=" + query)
                        .header("Authorization", "Bearer " + tenant.key)
                        .GET()
                        .build())
                .body();
        Matcher number = NUMBER.matcher(body);
        if (!number.find()) {
            throw new IllegalStateException(body);
        }
        return (long) Double.parseDouble(number.group(1));
    }

    private long resident() throws IOException {
        Matcher found = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(server.pid()), "status")));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static byte[] canonical(Labels labels) {
        ByteWriter bytes = new ByteWriter();
        SeriesIdentity.writeCanonical(labels, bytes);
        return bytes.toByteArray();
    }
}
