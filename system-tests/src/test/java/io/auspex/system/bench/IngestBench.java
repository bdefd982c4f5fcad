package io.auspex.system.bench;

import io.auspex.series.Labels;
import io.auspex.system.RunningServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Remote write and the other protocols against the packaged server, with authentication and everything durable, and
 * the same remote-write requests to VictoriaMetrics and Prometheus beside it in the same run.
 *
 * <p>{@code dev bench ingest [hosts [scrapes [connections [hosts a request [alone]]]]]}. Each host sends the 507 series of the
 * recorded node exporter, shifted in time against the others, one scrape for each 15 s. The first half of the scrapes
 * is reported as cold (series are created, the JVM compiles), the second as warm.
 */
public final class IngestBench {
    private static final long STEP_MILLIS = 15_000;
    private static final Pattern PENDING = Pattern.compile("(?m)^auspex_log_pending_bytes (\\S+)$");

    private final RecordedHost host;
    private final int hosts;
    private final int scrapes;
    private final int connections;
    private final int hostsPerRequest;
    private final long start;
    private final List<List<Labels>> labels = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    IngestBench(int hosts, int scrapes, int connections, int hostsPerRequest) throws IOException {
        this.host = RecordedHost.read(Path.of(System.getProperty("auspex.corpora"), "node-exporter"));
        this.hosts = hosts;
        this.scrapes = scrapes;
        this.connections = connections;
        this.hostsPerRequest = hostsPerRequest;
        this.start = System.currentTimeMillis() - scrapes * STEP_MILLIS;
        for (int i = 0; i < hosts; i++) {
            labels.add(host.labels("host-" + i + ":9100"));
        }
    }

    public static void main(String[] arguments) throws Exception {
        int[] numbers = {200, 240, 8, 4};
        boolean alone = arguments.length > numbers.length && arguments[numbers.length].equals("alone");
        for (int i = 0; i < Math.min(numbers.length, arguments.length); i++) {
            numbers[i] = Integer.parseInt(arguments[i]);
        }
        IngestBench bench = new IngestBench(numbers[0], numbers[1], numbers[2], numbers[3]);
        PrintStream out = System.out;
        out.printf(
                "%d series (%d hosts), %d scrapes, %d connections, %d samples a request%n",
                bench.hosts * bench.host.series(),
                bench.hosts,
                bench.scrapes,
                bench.connections,
                bench.hostsPerRequest * bench.host.series());
        out.printf("%-28s %12s %10s %14s %10s %10s%n", "", "samples/s", "CPU-s/M", "generator", "ack p50", "ack p99");
        bench.auspex(out, alone);
        if (!alone) {
            bench.peers(out);
            bench.protocols(out);
        }
    }

    private void auspex(PrintStream out, boolean alone) throws Exception {
        try (RunningServer server = RunningServer.fresh("bench", settings())) {
            List<Long> processes = List.of(server.pid(), server.postmasterPid().orElseThrow());
            Function<String, HttpRequest.Builder> paths = server::withApiKey;
            send("Auspex cold", RequestFormat.Protocol.REMOTE_WRITE_1, paths, 0, scrapes / 2, processes, out);
            send("Auspex warm", RequestFormat.Protocol.REMOTE_WRITE_1, paths, scrapes / 2, scrapes, processes, out);
            printMemory("Auspex", processes, server.pid(), out);
            if (alone) {
                return;
            }
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

    /** Flushes within the run; heap, collector and options of Java as the environment has them. */
    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of("AUSPEX_STORAGE_FLUSH_INTERVAL", "PT1M"));
        settings.put("AUSPEX_INGEST_ACTIVE_SERIES", "10000000");
        for (String name : List.of("AUSPEX_HEAP", "AUSPEX_GC", "AUSPEX_JAVA_OPTS", "AUSPEX_CLASS_CACHE")) {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> settings.put(name, value));
        }
        return settings;
    }

    /** Each protocol on a server of its own, with the same samples. */
    private void protocols(PrintStream out) throws Exception {
        for (RequestFormat.Protocol protocol : RequestFormat.Protocol.values()) {
            if (protocol == RequestFormat.Protocol.REMOTE_WRITE_1) {
                continue;
            }
            try (RunningServer server = RunningServer.fresh("bench-protocol", settings())) {
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

    private void peers(PrintStream out) throws Exception {
        try (Peers peers = new Peers(client)) {
            Optional<URI> victoria = peers.victoriaMetrics();
            if (victoria.isPresent()) {
                peer("VictoriaMetrics", victoria.get(), peers.pids(), out);
            } else {
                out.println("no victoria-metrics: ./dev tools peers fetches it");
            }
        }
        try (Peers peers = new Peers(client)) {
            URI prometheus = peers.prometheus();
            peer("Prometheus", prometheus, peers.pids(), out);
            queryTimes().print("Prometheus", prometheus, "", out);
            out.printf(
                    "Prometheus data directory (log and head): %.2f bytes a sample%n",
                    (double) peers.bytes() / ((long) hosts * host.series() * scrapes));
        }
    }

    private void peer(String name, URI base, List<Long> processes, PrintStream out) throws Exception {
        Function<String, HttpRequest.Builder> paths = path -> HttpRequest.newBuilder(base.resolve(path));
        send(name + " cold", RequestFormat.Protocol.REMOTE_WRITE_1, paths, 0, scrapes / 2, processes, out);
        send(name + " warm", RequestFormat.Protocol.REMOTE_WRITE_1, paths, scrapes / 2, scrapes, processes, out);
        printMemory(name, processes, 0, out);
    }

    /** @param java a process whose garbage is collected first, 0 for none */
    private void printMemory(String name, List<Long> processes, long java, PrintStream out) throws Exception {
        if (java > 0) {
            Process collected = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(java),
                            "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            collected.waitFor(1, TimeUnit.MINUTES);
        }
        long kilobytes = ProcessMemory.kilobytes(processes);
        out.printf(
                "%-28s %d MB of memory, %d bytes for each series%n",
                name, kilobytes >> 10, (kilobytes << 10) / ((long) hosts * host.series()));
    }

    long samples() {
        return (long) hosts * host.series() * scrapes;
    }

    void send(
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
        double own = ProcessCpu.own();
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
                "%-28s %12.0f %10.2f %14.2f %7.1f ms %7.1f ms%n",
                name,
                sent.get() / seconds,
                (ProcessCpu.seconds(processes) - cpu) / million,
                (ProcessCpu.own() - own) / million,
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
        for (int first = connection * hostsPerRequest; first < hosts; first += connections * hostsPerRequest) {
            List<Integer> group = new ArrayList<>();
            for (int i = first; i < Math.min(hosts, first + hostsPerRequest); i++) {
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
}
