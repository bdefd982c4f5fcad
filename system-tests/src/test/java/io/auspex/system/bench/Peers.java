package io.auspex.system.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Prometheus and VictoriaMetrics as {@code dev tools peers} fetches them, each with a directory of its own. */
final class Peers implements AutoCloseable {
    private final HttpClient client;
    private final Path directory = Files.createTempDirectory("auspex-bench-peers");
    private final Path programs = Path.of(
            System.getProperty("auspex.peers", System.getProperty("user.home") + "/.cache/auspex/tools/peers/usr/bin"));
    private final List<Process> running = new ArrayList<>();
    private Optional<URI> victoria = Optional.empty();

    Peers(HttpClient client) throws IOException {
        this.client = client;
    }

    /** Starts a Prometheus that takes remote writes. */
    URI prometheus() throws Exception {
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
        int port = freePort();
        return start(
                port,
                "/-/ready",
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-remote-write-receiver");
    }

    /** Starts a VictoriaMetrics without result cache; nothing when it was not fetched. */
    Optional<URI> victoriaMetrics() throws Exception {
        if (Files.isExecutable(programs.resolve("victoria-metrics"))) {
            int port = freePort();
            victoria = Optional.of(start(
                    port,
                    "/health",
                    "victoria-metrics",
                    "-storageDataPath=" + directory.resolve("victoria"),
                    "-httpListenAddr=127.0.0.1:" + port,
                    "-search.disableCache",
                    "-search.latencyOffset=0s",
                    "-retentionPeriod=1y"));
        }
        return victoria;
    }

    List<Long> pids() {
        return running.stream().map(Process::pid).toList();
    }

    /** What they have written to disk. */
    long bytes() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** Lets VictoriaMetrics see what it was sent last. */
    void flush() throws IOException, InterruptedException {
        if (victoria.isPresent()) {
            client.send(
                    HttpRequest.newBuilder(URI.create(victoria.get() + "/internal/force_flush"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    private URI start(int port, String ready, String program, String... arguments) throws Exception {
        Path path = programs.resolve(program);
        List<String> command = new ArrayList<>();
        command.add(Files.isExecutable(path) ? path.toString() : program);
        command.addAll(Arrays.asList(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(program + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("no " + program + ": ./dev tools peers fetches it", e);
        }
        running.add(process);
        URI base = URI.create("http://127.0.0.1:" + port);
        while (process.isAlive()) {
            try {
                HttpRequest probe = HttpRequest.newBuilder(base.resolve(ready)).build();
                if (client.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return base;
                }
            } catch (IOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100)); // not listening yet
            }
        }
        throw new IllegalStateException(program + " ended: " + Files.readString(directory.resolve(program + ".log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        running.forEach(Process::destroy);
        for (Process process : running) {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
