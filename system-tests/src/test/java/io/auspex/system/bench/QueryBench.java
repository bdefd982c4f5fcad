package io.auspex.system.bench;

import io.auspex.series.Labels;
import io.auspex.system.RemoteWriteRequest;
import io.auspex.system.RunningServer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Queries of the packaged server beside Prometheus and VictoriaMetrics, which hold the same samples in the same run,
 * by class of query: {@code dev bench query [rounds [classes]]}.
 *
 * <p>Six hours of 15 s samples, sent by remote write: 1 000 counters, 100 classic histograms of 12 buckets, 4 metrics
 * of 100 gauges, and a day of 51 more gauges. Auspex has flushed to packs and Prometheus has had time to compact before the first query; the peers'
 * result caches are off, Auspex has none. Servers take turns, so that load from outside hits all alike.
 *
 * <p>To profile Auspex alone: {@code -Dauspex.bench.alone=-XX:StartFlightRecording=...}, options of its JVM.
 */
public final class QueryBench {
    /** Rounds that do not count: so many, and so long, that the JVM has compiled what it will. */
    private static final int WARM_UP_ROUNDS = 30;

    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long SCRAPE_MILLIS = 15_000;
    private static final int SCRAPES = 6 * 240;
    private static final int SCRAPES_PER_REQUEST = 4;
    /** A series of a whole day, and 50 more. */
    private static final Labels DAY = Labels.of("__name__", "temperature", "room", "attic");

    private static final int ROOMS = 50;
    private static final String DAY_QUERY = "avg_over_time(humidity[5m])";

    /** Scrapes of the day before those of all others. */
    private static final int BEFORE = 18 * 240;

    private static final String FRESH_QUERY = "/api/v1/query?query=" + encode("sum by (job) (rate(fresh_total[5m]))");
    private static final Pattern PENDING = Pattern.compile("(?m)^auspex_log_pending_bytes (\\S+)$");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final long end = System.currentTimeMillis() / 60_000 * 60_000;
    private final long start = end - SCRAPES * SCRAPE_MILLIS;
    private final int rounds;
    private final String only;

    /** A server that answers queries; the credential is empty for none. */
    private record Target(String name, URI base, String credential) {
        HttpRequest.Builder request(String path) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
            return credential.isEmpty() ? request : request.header("Authorization", credential);
        }
    }

    private QueryBench(int rounds, String only) {
        this.rounds = rounds;
        this.only = only;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        new QueryBench(rounds, arguments.length > 1 ? arguments[1] : "").run(System.out);
    }

    private void run(PrintStream out) throws Exception {
        String alone = System.getProperty("auspex.bench.alone", "");
        Map<String, String> settings = new HashMap<>(Map.of("AUSPEX_STORAGE_FLUSH_INTERVAL", "PT1M"));
        if (!alone.isEmpty()) {
            // the JDK's flight recorder and its archive of classes do not get on
            settings.putAll(Map.of("AUSPEX_JAVA_OPTS", alone, "AUSPEX_CLASS_CACHE", "off"));
        }
        try (Peers peers = new Peers(client);
                RunningServer server = RunningServer.fresh("bench-query", settings)) {
            List<Target> targets = new ArrayList<>();
            targets.add(new Target("Auspex", server.uri(""), "Bearer " + RunningServer.API_KEY));
            if (alone.isEmpty()) {
                targets.add(new Target("Prometheus", peers.prometheus(), ""));
                peers.victoriaMetrics().ifPresent(base -> targets.add(new Target("VictoriaMetrics", base, "")));
            }
            for (Target target : targets) {
                fill(target, out);
            }
            awaitFlushed(server);
            peers.flush();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(alone.isEmpty() ? 70 : 0));
            out.printf(
                    Locale.ROOT,
                    "load average %.1f on %d processors before the first query%n",
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    Runtime.getRuntime().availableProcessors());
            compare(targets, queries(), out);
            compareFresh(targets, out);
            compareCold(targets.get(0), server, out);
        }
    }

    /** N5: what has just come, which lies in memory, at rest and while more comes. */
    private void compareFresh(List<Target> targets, PrintStream out) throws Exception {
        Map<String, String> rest = wanted(Map.of("head-1000x5m", FRESH_QUERY));
        Map<String, String> busy = wanted(Map.of("head-1000x5m-busy", FRESH_QUERY));
        if (rest.isEmpty() && busy.isEmpty()) {
            return;
        }
        long now = System.currentTimeMillis();
        for (Target target : targets) {
            for (long time = now - 360_000; time <= now; time += SCRAPE_MILLIS) {
                write(target, fresh(time));
            }
        }
        compare(targets, rest, out);
        AtomicBoolean over = new AtomicBoolean();
        Thread sender = new Thread(() -> sendFresh(targets.get(0), over));
        sender.start();
        compare(targets.subList(0, 1), busy, out);
        over.set(true);
        sender.join();
    }

    /** Twenty scrapes a second: 20 000 samples. */
    private void sendFresh(Target target, AtomicBoolean over) {
        try {
            while (!over.get()) {
                write(target, fresh(System.currentTimeMillis()));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] fresh(long time) {
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (int i = 0; i < 1000; i++) {
            request.add(Labels.of("__name__", "fresh_total", "job", "j" + i % 10, "pod", "p" + i), time, time / 10 + i);
        }
        return request.toBody();
    }

    /** N6: a day, of which no pack is in memory. */
    private void compareCold(Target target, RunningServer server, PrintStream out) throws Exception {
        Map<String, String> cold = wanted(Map.of("cold-50x24h", range(DAY_QUERY, 24, 300)));
        if (!cold.isEmpty()) {
            server.restart(Map.of("AUSPEX_STORAGE_PACK_CACHE_BYTES", "0"));
            compare(List.of(target), cold, out);
        }
    }

    /** Paths by class of query. */
    private Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("instant", instant("requests_total{set=\"small\"}"));
        queries.put("select-1x24h", range("temperature", 24));
        queries.put("select-100x6h", range("join_a", 6));
        queries.put("rate-100x6h", range("rate(requests_total{set=\"small\"}[5m])", 6));
        queries.put("sumby-1000x1h", range("sum by (job) (rate(requests_total[5m]))", 1));
        queries.put("quantile-100x6h", range("histogram_quantile(0.99, rate(latency_bucket[5m]))", 6));
        queries.put("topk-1000x1h", range("topk(5, requests_total)", 1));
        queries.put("subquery-100x1h", range("max_over_time(rate(requests_total{set=\"small\"}[5m])[30m:1m])", 1));
        queries.put(
                "join4-100x6h", range("join_a / on (pod) join_b + on (pod) join_c * on (pod) group_left join_d", 6));
        queries.put("avg-50x24h", range(DAY_QUERY, 24, 300));
        return wanted(queries);
    }

    private Map<String, String> wanted(Map<String, String> queries) {
        Map<String, String> wanted = new LinkedHashMap<>(queries);
        wanted.keySet().removeIf(name -> Stream.of(only.split(",")).noneMatch(name::contains));
        return wanted;
    }

    private String instant(String query) {
        return "/api/v1/query?query=" + encode(query) + "&time=" + end / 1000;
    }

    private String range(String query, int hours) {
        return range(query, hours, 60);
    }

    private String range(String query, int hours, int step) {
        return "/api/v1/query_range?query=" + encode(query) + "&start=" + (end / 1000 - hours * 3600L + 300) + "&end="
                + end / 1000 + "&step=" + step;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void compare(List<Target> targets, Map<String, String> queries, PrintStream out) throws Exception {
        out.printf("%-18s", "class, p50 (p95) ms");
        targets.forEach(target -> out.printf("%26s", target.name()));
        out.println(targets.size() == 1 ? "" : "%14s".formatted("of Prometheus"));
        for (Map.Entry<String, String> query : queries.entrySet()) {
            List<Histogram> times = new ArrayList<>();
            List<Integer> sizes = new ArrayList<>();
            for (Target target : targets) {
                times.add(new Histogram(TimeUnit.MINUTES.toMicros(5), 3));
                sizes.add(0);
            }
            long warm = System.nanoTime() + WARM_UP_NANOS;
            int done = 0;
            for (int round = 0; done < rounds; round++) {
                boolean counts = done > 0 || (round >= WARM_UP_ROUNDS && System.nanoTime() > warm);
                done += counts ? 1 : 0;
                for (int i = 0; i < targets.size(); i++) {
                    long begin = System.nanoTime();
                    int size = ask(targets.get(i), query.getValue());
                    if (counts) {
                        times.get(i).recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
                    }
                    sizes.set(i, size);
                }
            }
            out.printf("%-18s", query.getKey());
            for (int i = 0; i < targets.size(); i++) {
                out.printf(
                        Locale.ROOT,
                        "%9.2f (%7.2f) %6dk",
                        times.get(i).getValueAtPercentile(50) / 1e3,
                        times.get(i).getValueAtPercentile(95) / 1e3,
                        sizes.get(i) / 1024);
            }
            out.println(
                    targets.size() == 1
                            ? ""
                            : "%14.2f"
                                    .formatted((double) times.get(0).getValueAtPercentile(50)
                                            / times.get(1).getValueAtPercentile(50)));
        }
    }

    private int ask(Target target, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                client.send(target.request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(target.name() + ": " + answer.statusCode() + " "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body().length;
    }

    /** Sends all samples in order of time; the same to everybody. */
    private void fill(Target target, PrintStream out) throws Exception {
        List<Labels> series = series();
        double[] values = new double[series.size()];
        Random random = new Random(1);
        long begin = System.nanoTime();
        fillDay(target, random);
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (int scrape = 1; scrape <= SCRAPES; scrape++) {
            long time = start + scrape * SCRAPE_MILLIS;
            for (int i = 0; i < values.length; i++) {
                String metric = series.get(i).metric();
                boolean counter = metric.startsWith("requests") || metric.startsWith("latency");
                values[i] = counter ? values[i] + random.nextInt(10) : gauge(random);
                request.add(series.get(i), time - random.nextInt(20), values[i]);
            }
            if (scrape % SCRAPES_PER_REQUEST == 0) {
                write(target, request.toBody());
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        out.printf(
                Locale.ROOT,
                "%s: %d series, %d samples sent in %.1f s%n",
                target.name(),
                series.size(),
                (long) series.size() * SCRAPES + (1L + ROOMS) * BEFORE,
                seconds);
    }

    /** What the series of a whole day have before all others begin. */
    private void fillDay(Target target, Random random) throws IOException, InterruptedException {
        List<Labels> day = day();
        RemoteWriteRequest request = new RemoteWriteRequest();
        for (int scrape = 1 - BEFORE; scrape <= 0; scrape++) {
            for (Labels series : day) {
                request.add(series, start + scrape * SCRAPE_MILLIS - random.nextInt(20), gauge(random));
            }
            if (scrape % (SCRAPES_PER_REQUEST * SCRAPES_PER_REQUEST) == 0) {
                write(target, request.toBody());
            }
        }
    }

    private static List<Labels> day() {
        List<Labels> day = new ArrayList<>(List.of(DAY));
        for (int i = 0; i < ROOMS; i++) {
            day.add(Labels.of("__name__", "humidity", "room", "r" + i));
        }
        return day;
    }

    private static double gauge(Random random) {
        return 1 + random.nextInt(1000) / 8.0;
    }

    private void write(Target target, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = target.request("/api/v1/write")
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(target.name() + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private static List<Labels> series() {
        List<Labels> series = new ArrayList<>(day());
        for (int i = 0; i < 1000; i++) {
            String set = i < 100 ? "small" : "large";
            series.add(Labels.of("__name__", "requests_total", "job", "j" + i % 10, "pod", "p" + i, "set", set));
        }
        for (int i = 0; i < 100; i++) {
            for (int bucket = 0; bucket < 12; bucket++) {
                String le = bucket == 11 ? "+Inf" : String.valueOf(0.005 * (1 << bucket));
                series.add(Labels.of("__name__", "latency_bucket", "le", le, "pod", "p" + i));
            }
        }
        for (String metric : new String[] {"join_a", "join_b", "join_c", "join_d"}) {
            for (int i = 0; i < 100; i++) {
                series.add(Labels.of("__name__", metric, "pod", "p" + i));
            }
        }
        return series;
    }

    private static void awaitFlushed(RunningServer server) {
        for (int i = 0; i < 180; i++) {
            HttpRequest request = server.withApiKey("/metrics").GET().build();
            Matcher pending = PENDING.matcher(server.send(request).body());
            if (pending.find() && Double.parseDouble(pending.group(1)) < 100_000) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
        throw new IllegalStateException("the head was not flushed within three minutes");
    }
}
