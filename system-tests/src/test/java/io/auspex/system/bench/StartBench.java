package io.auspex.system.bench;

import io.auspex.system.RunningServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long the packaged server takes until it is ready, on empty data and on its own later with the class cache that
 * the first start made, and the memory it then has: {@code dev bench start [later starts [idle seconds]]}.
 *
 * <p>Memory is the proportional set size of all processes: what is shared counts once.
 */
public final class StartBench {
    private static final int CACHE_SECONDS = 120;

    private final PrintStream out;
    private final RunningServer server;

    private StartBench(PrintStream out, RunningServer server) {
        this.out = out;
        this.server = server;
    }

    public static void main(String[] arguments) throws IOException {
        int later = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int idle = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        Path cache = Path.of(System.getProperty("auspex.home"), "system-tests/target/servers/bench-start/cache");
        PrintStream out = System.out;
        out.printf(
                "Java %s, %d processors%n", javaVersion(), Runtime.getRuntime().availableProcessors());
        long begun = System.nanoTime();
        try (RunningServer server =
                RunningServer.fresh("bench-start", Map.of("AUSPEX_CLASS_CACHE", cache.toString()))) {
            StartBench bench = new StartBench(out, server);
            bench.report("first start", begun);
            awaitArchive(cache);
            for (int i = 0; i < later; i++) {
                server.stop();
                begun = System.nanoTime();
                server.start();
                bench.report("later start", begun);
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(idle));
            bench.reportMemory(idle);
        }
    }

    /** The Java that the server takes when nothing else is said. */
    private static String javaVersion() throws IOException {
        String home = System.getenv("JAVA_HOME");
        return home == null
                ? System.getProperty("java.version")
                : Files.readString(Path.of(home, "release"))
                        .lines()
                        .filter(line -> line.startsWith("JAVA_VERSION="))
                        .findFirst()
                        .orElse(home);
    }

    private void report(String what, long begun) throws IOException {
        double seconds = (System.nanoTime() - begun) / 1e9;
        out.printf(
                "%-12s %6.1f s until ready, %5.1f CPU-s, load %s%n",
                what,
                seconds,
                ProcessCpu.seconds(List.of(server.pid())),
                Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    }

    private static void awaitArchive(Path cache) throws IOException {
        for (int i = 0; i < CACHE_SECONDS; i++) {
            try (Stream<Path> files = Files.list(cache)) {
                if (files.anyMatch(file -> file.toString().endsWith(".jsa"))) {
                    return;
                }
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
        throw new IllegalStateException("the class cache was not made within " + CACHE_SECONDS + " s");
    }

    private void reportMemory(int idle) {
        long java = ProcessMemory.kilobytes(List.of(server.pid()));
        long postgres = ProcessMemory.kilobytes(List.of(server.postmasterPid().orElseThrow()));
        out.printf(
                "memory after %d s idle: Java %d MB, PostgreSQL %d MB, together %d MB%n",
                idle, java / 1024, postgres / 1024, (java + postgres) / 1024);
    }
}
