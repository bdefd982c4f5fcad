package io.auspex.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A real Auspex as its users get it: the packaged bundle, started by its own script on a free port with a data
 * directory of its own under {@code target/servers}.
 *
 * <p>{@link #shared()} is one server for all tests of a run; tests that stop, kill or starve a server take
 * {@link #fresh} and close it. First credentials are set the documented way and known to the tests.
 */
public final class RunningServer implements AutoCloseable {
    /** Password of the first platform administrator, {@code admin}. */
    public static final String ADMIN_PASSWORD = attached("PASSWORD").orElse("admin-" + UUID.randomUUID());
    /** First API key of tenant {@code default}, with the scopes ingest, query, alerts and admin. */
    public static final String API_KEY =
            attached("KEY").orElse("auspex_" + UUID.randomUUID().toString().replace("-", ""));

    /**
     * The port of a server that somebody else started, for instance {@code auspex.ear} on Payara Server; 0 without
     * one. Its data directory is {@code AUSPEX_ATTACH_DATA}.
     */
    private static final int ATTACHED = Integer.parseInt(attached("PORT").orElse("0"));

    private static final Path HOME =
            Path.of(System.getProperty("auspex.home", "..")).toAbsolutePath().normalize();
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final String name;
    private final Path data;
    private final int port;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Process process;

    private RunningServer(String name) {
        this(name, freePort());
    }

    private RunningServer(String name, int port) {
        this.name = name;
        this.data = port == ATTACHED ? Path.of(attached("DATA").orElseThrow()) : dataOf(name);
        this.port = port;
        settings.put("AUSPEX_DATA", data.toString());
        settings.put("AUSPEX_HTTP_PORT", Integer.toString(port));
        settings.put("AUSPEX_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD);
        settings.put("AUSPEX_BOOTSTRAP_API_KEY", API_KEY);
        // no night begins while a test looks, whatever the time of day
        settings.put("AUSPEX_JOBS_MODEL_TRAINING_AT", "off");
        settings.put("AUSPEX_JOBS_SERVICE_HEALTH_REPORT_AT", "off");
        settings.put(
                "AUSPEX_CLASS_CACHE",
                HOME.resolve("launcher/target/class-cache").toString());
    }

    private static Optional<String> attached(String what) {
        return Optional.ofNullable(System.getenv("AUSPEX_ATTACH_" + what));
    }

    /** The one server all harmless tests use; started at the first call, stopped with this JVM. */
    public static RunningServer shared() {
        return Shared.SERVER;
    }

    /** A server of one's own on empty data, started. */
    public static RunningServer fresh(String name) {
        return fresh(name, Map.of());
    }

    /** @param settings further environment variables, or other values of the usual ones */
    public static RunningServer fresh(String name, Map<String, String> settings) {
        RunningServer server = new RunningServer(name);
        server.settings.putAll(settings);
        Directories.delete(server.data);
        server.start();
        return server;
    }

    /** A server of one's own on the data that its directory has, started. */
    public static RunningServer on(String name, Map<String, String> settings) {
        RunningServer server = new RunningServer(name);
        server.settings.putAll(settings);
        server.start();
        return server;
    }

    /** The data directory of a server with that name. */
    public static Path dataOf(String name) {
        return HOME.resolve("system-tests/target/servers").resolve(name);
    }

    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port + pathAndQuery);
    }

    public int port() {
        return port;
    }

    public Path data() {
        return data;
    }

    /** A request that carries {@link #API_KEY}; finish it and give it to {@link #send}. */
    public HttpRequest.Builder withApiKey(String pathAndQuery) {
        return request(pathAndQuery).header("Authorization", "Bearer " + API_KEY);
    }

    public HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(uri(pathAndQuery)).timeout(Duration.ofSeconds(60));
    }

    public HttpResponse<String> get(String pathAndQuery) {
        return send(request(pathAndQuery).GET().build());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it on the data it has and waits until it says that it is ready. */
    public void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        Path console = console();
        process = launch(console);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!text(console).contains("Ready after")) {
            if (!process.isAlive()) {
                throw new IllegalStateException(name + " ended with " + process.exitValue() + ":\n" + text(console));
            }
            if (System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException(name + " is not ready after " + START_LIMIT + ":\n" + text(console));
            }
            pause();
        }
    }

    /** Starts the bundle's script a second time with the same settings and waits for its end. */
    public Ended startAgainWhileRunning() {
        return startWith(Map.of());
    }

    /** Starts the script beside this server, which is expected to end by itself. */
    public Ended startWith(Map<String, String> further) {
        Path console = data.resolveSibling(name + ".second.console");
        Map<String, String> usual = Map.copyOf(settings);
        settings.putAll(further);
        try {
            return awaitEnd(launch(console), console);
        } finally {
            settings.clear();
            settings.putAll(usual);
        }
    }

    /** Asks it to stop as a supervisor does (SIGTERM) and waits for its end. */
    public Ended stop() {
        process.destroy();
        return awaitEnd(process, console());
    }

    /** Kills the server's process at once (SIGKILL); its PostgreSQL stays as it is. */
    public void killHard() {
        process.destroyForcibly();
        awaitEnd(process, console());
    }

    /** PostgreSQL's main process and all of its children. */
    public List<ProcessHandle> postgresProcesses() {
        ProcessHandle postmaster =
                ProcessHandle.of(postmasterPid().orElseThrow()).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    public void restart() {
        restart(Map.of());
    }

    /** @param further settings from now on, beside those that it has */
    public void restart(Map<String, String> further) {
        stop();
        settings.putAll(further);
        start();
    }

    /** The Java process, which has taken the place of the script. */
    public long pid() {
        return process.pid();
    }

    /** The embedded PostgreSQL's main process, if it lives. */
    public OptionalLong postmasterPid() {
        Path file = data.resolve("postgres/data/postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
            return ProcessHandle.of(pid).isPresent() ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Stops PostgreSQL under the running server until {@link #startPostgres}. */
    public void stopPostgres() {
        command("postgres", "stop");
    }

    public void startPostgres() {
        command("postgres", "start");
    }

    /** What the server wrote to its console since its last start. */
    public String consoleText() {
        return text(console());
    }

    public Path logFile() {
        return data.resolve("logs/auspex.log");
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            stop();
        }
        if (postmasterPid().isPresent()) { // after a hard kill
            command("postgres", "stop");
        }
    }

    /** @param status what the process returned to its caller */
    public record Ended(int status, String console) {}

    /** Runs another command of the bundle with this server's settings, to its end. */
    public Ended run(String... arguments) {
        Path console = data.resolveSibling(name + ".command.console");
        return awaitEnd(launch(console, arguments), console);
    }

    private void command(String... arguments) {
        Ended ended = run(arguments);
        if (ended.status() != 0) {
            throw new IllegalStateException(
                    String.join(" ", arguments) + " ended with " + ended.status() + ":\n" + ended.console());
        }
    }

    private Process launch(Path console, String... arguments) {
        try {
            Files.createDirectories(console.getParent());
            Files.deleteIfExists(console);
            List<String> command = new ArrayList<>(
                    List.of(HOME.resolve("launcher/target/auspex/bin/auspex").toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(console.toFile());
            builder.environment().keySet().removeIf(variable -> variable.startsWith("AUSPEX_"));
            builder.environment().putAll(settings);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the bundle; was it packaged?", e);
        }
    }

    private Ended awaitEnd(Process ending, Path console) {
        try {
            if (!ending.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                ending.descendants().forEach(ProcessHandle::destroyForcibly);
                ending.destroyForcibly();
                throw new IllegalStateException(name + " did not end within " + STOP_LIMIT + ":\n" + text(console));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new Ended(ending.exitValue(), text(console));
    }

    private Path console() {
        return data.resolveSibling(name + ".console");
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Shared {
        private static final RunningServer SERVER =
                ATTACHED > 0 ? new RunningServer("attached", ATTACHED) : fresh("shared");

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close, "stop-shared-server"));
        }
    }
}
