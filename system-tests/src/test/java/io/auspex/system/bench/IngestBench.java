package io.auspex.system.bench;

import io.auspex.series.Labels;
import io.auspex.system.RunningServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Remote write and the other protocols against the packaged server, with authentication and everything durable, and
 * the same remote-write requests to Prometheus beside it in the same run.
 *
 * <p>{@code dev bench ingest [hosts [scrapes [connections]]]}. Each host sends the recorded node exporter's series,
 * shifted in time against the others, one scrape for each 15 s; a request carries the scrapes of four hosts. The
 * first half of the scrapes is reported as cold (series are created, the JVM compiles), the second as warm.
 */
public final class IngestBench {
    private static final int HOSTS_PER_REQUEST = 4;
    private static final long STEP_MILLIS = 15_000;
    private static final Pattern PENDING = Pattern.compile("(?m)^auspex_log_pending_bytes (\\S+)$");

    private final RecordedHost host;
    private final int hosts;
    private final int scrapes;
    private final int connections;
    private final long start;
    private final List<List<Labels>> labels = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private IngestBench(int hosts, int scrapes, int connections) throws IOException {
        this.host = RecordedHost.read(Path.of(System.getProperty("auspex.corpora"), "node-exporter"));
        this.hosts = hosts;
        this.scrapes = scrapes;
        this.connections = connections;
        this.start = System.currentTimeMillis() - scrapes * STEP_MILLIS;
        for (int i = 0; i < hosts; i++) {
            labels.add(host.labels("host-" + i + ":9100"));
        }
    }

    public static void main(String[] arguments) throws Exception {
        int hosts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int scrapes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        int connections = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
        IngestBench bench = new IngestBench(hosts, scrapes, connections);
        PrintStream out = System.out;
        out.printf(
                "%d series (%d hosts), %d scrapes, %d connections, %d samples a request; CPU without the generator%n",
                hosts * bench.host.series(), hosts, scrapes, connections, HOSTS_PER_REQUEST * bench.host.series());
        out.printf("%-28s %12s %14s %10s %10s%n", "", "samples/s", "CPU-s/M", "ack p50", "ack p99");
        bench.auspex(out);
        bench.protocols(out);
        bench.prometheus(out);
    }

    private void auspex(PrintStream out) throws Exception {
        Map<String, String> settings = Map.of("AUSPEX_STORAGE_FLUSH_INTERVAL", "PT1M");
        try (RunningServer server = RunningServer.fresh("bench", settings)) {
            List<Long> processes = List.of(server.pid(), server.postmasterPid().orElseThrow());
            Function<String, HttpRequest.Builder> paths = server::withApiKey;
            send("Auspex cold", RequestFormat.Protocol.REMOTE_WRITE_1, paths, 0, scrapes / 2, processes, out);
            send("Auspex warm", RequestFormat.Protocol.REMOTE_WRITE_1, paths, scrapes / 2, scrapes, processes, out);
            awaitFlushed(server);
            queryTimes().print("Auspex", server.uri(""), "Bearer " + RunningServer.API_KEY, out);
            Database database = Database.of(server);
            long samples = database.number("select sum(samples) from auspex.perf_metrics");
            long bytes = database.number(
                    "select sum(pg_total_relation_size(relid)) from pg_partition_tree('auspex.perf_metrics') where isleaf");
            out.printf(
                    "Auspex packs: %d samples, %.2f bytes each, index and TOAST included%n",
                    samples, (double) bytes / samples);
        }
    }

    /** Each protocol on a server of its own, with the same samples. */
    private void protocols(PrintStream out) throws Exception {
        for (RequestFormat.Protocol protocol : RequestFormat.Protocol.values()) {
            if (protocol == RequestFormat.Protocol.REMOTE_WRITE_1) {
                continue;
            }
            Map<String, String> settings = Map.of("AUSPEX_STORAGE_FLUSH_INTERVAL", "PT1M");
            try (RunningServer server = RunningServer.fresh("bench-protocol", settings)) {
                List<Long> processes =
                        List.of(server.pid(), server.postmasterPid().orElseThrow());
                send(protocol.title() + " cold", protocol, server::withApiKey, 0, scrapes / 2, processes, out);
                send(protocol.title() + " warm", protocol, server::withApiKey, scrapes / 2, scrapes, processes, out);
            }
        }
    }

    private QueryTimes queryTimes() {
        return new QueryTimes(client, start / 1000, (start + scrapes * STEP_MILLIS) / 1000);
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

    private void prometheus(PrintStream out) throws Exception {
        Path directory = Files.createTempDirectory("auspex-bench-prometheus");
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
        int port = Integer.getInteger("auspex.bench.prometheus.port", 23_990);
        Process process;
        try {
            process = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + configuration,
                            "--storage.tsdb.path=" + directory.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--web.enable-remote-write-receiver")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            out.println("no prometheus on the PATH: ./dev tools fetches it");
            return;
        }
        try {
            URI base = URI.create("http://127.0.0.1:" + port);
            awaitReady(base.resolve("/-/ready"), process);
            List<Long> processes = List.of(process.pid());
            Function<String, HttpRequest.Builder> paths = path -> HttpRequest.newBuilder(base.resolve(path));
            send("Prometheus cold", RequestFormat.Protocol.REMOTE_WRITE_1, paths, 0, scrapes / 2, processes, out);
            send("Prometheus warm", RequestFormat.Protocol.REMOTE_WRITE_1, paths, scrapes / 2, scrapes, processes, out);
            queryTimes().print("Prometheus", base, "", out);
            long samples = (long) hosts * host.series() * scrapes;
            out.printf(
                    "Prometheus data directory (log and head): %.2f bytes a sample%n",
                    (double) size(directory.resolve("data")) / samples);
        } finally {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
            delete(directory);
        }
    }

    private void awaitReady(URI ready, Process process) throws Exception {
        while (process.isAlive()) {
            try {
                if (client.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100)); // not listening yet
            }
        }
        throw new IllegalStateException("prometheus ended");
    }

    private void send(
            String name,
            RequestFormat.Protocol protocol,
            Function<String, HttpRequest.Builder> paths,
            int from,
            int to,
            List<Long> processes,
            PrintStream out)
            throws Exception {
        ConcurrentHistogram micros = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(5), 3);
        AtomicLong sent = new AtomicLong();
        List<String> failures = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(connections);
        double cpu = ProcessCpu.seconds(processes);
        long begin = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            int connection = i;
            new Thread(() -> {
                        try {
                            sendHosts(protocol, paths, connection, from, to, micros, sent);
                        } catch (Exception e) {
                            synchronized (failures) {
                                failures.add(e.toString());
                            }
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        done.await();
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (!failures.isEmpty()) {
            throw new IllegalStateException(name + ": " + failures);
        }
        double million = sent.get() / 1e6;
        out.printf(
                "%-28s %12.0f %14.2f %7.1f ms %7.1f ms%n",
                name,
                sent.get() / seconds,
                (ProcessCpu.seconds(processes) - cpu) / million,
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3);
    }

    /** Each connection sends the scrapes of its own hosts, in order of time. */
    private void sendHosts(
            RequestFormat.Protocol protocol,
            Function<String, HttpRequest.Builder> paths,
            int connection,
            int from,
            int to,
            ConcurrentHistogram micros,
            AtomicLong sent)
            throws Exception {
        List<List<Integer>> groups = new ArrayList<>();
        List<RequestFormat> formats = new ArrayList<>();
        for (int first = connection * HOSTS_PER_REQUEST; first < hosts; first += connections * HOSTS_PER_REQUEST) {
            List<Integer> group = new ArrayList<>();
            for (int i = first; i < Math.min(hosts, first + HOSTS_PER_REQUEST); i++) {
                group.add(i);
            }
            groups.add(group);
            formats.add(protocol.create(group.stream().map(labels::get).toList()));
        }
        for (int scrape = from; scrape < to; scrape++) {
            for (int group = 0; group < groups.size(); group++) {
                RequestFormat format = formats.get(group);
                int samples = 0;
                for (int i = 0; i < groups.get(group).size(); i++) {
                    double[] row = host.row(scrape * 5 + groups.get(group).get(i) * 37);
                    format.add(i, row, start + scrape * STEP_MILLIS);
                    samples += row.length;
                }
                HttpRequest.Builder request = paths.apply(format.path()).timeout(Duration.ofMinutes(5));
                format.headers().forEach(request::setHeader);
                HttpRequest ready = request.POST(HttpRequest.BodyPublishers.ofByteArray(format.toBody()))
                        .build();
                long begin = System.nanoTime();
                HttpResponse<String> answer = client.send(ready, HttpResponse.BodyHandlers.ofString());
                micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
                if (answer.statusCode() / 100 != 2 || answer.body().contains("rejected")) {
                    throw new IOException(answer.statusCode() + " " + answer.body());
                }
                sent.addAndGet(samples);
            }
        }
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
