package io.auspex.system.trial;

import io.auspex.system.RunningServer;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What becomes of acknowledged samples when something breaks: {@code dev trials [kind|all [trials [outage seconds
 * [seed]]]]}.
 *
 * <p>Senders write to the packaged server, with authentication on, while it flushes every few seconds; at a random
 * moment the fault happens; the server has to be ready again without help but for the start of a process that was
 * killed; then every acknowledged sample is read back over HTTP and compared bit for bit, and all trials once more
 * after a restart at the end.
 */
public final class FaultTrials implements AutoCloseable {
    static final Duration BACK_WITHIN = Duration.ofMinutes(3);
    private static final Map<String, String> SETTINGS =
            Map.of("AUSPEX_STORAGE_FLUSH_INTERVAL", "PT4S", "AUSPEX_STORAGE_KEEP_IN_HEAD", "PT10S");
    private static final int DISK_MEGABYTES = 1_500;

    /** What breaks. */
    enum Kind {
        KILL_APP,
        KILL_POSTGRES,
        KILL_BOTH,
        POWER_CUT,
        DISK_FULL,
        OUTAGE;

        static Kind of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean needsDisk() {
            return this == POWER_CUT || this == DISK_FULL;
        }
    }

    private final Kind kind;
    private final Duration outage;
    private final SplittableRandom random;
    private final PrintStream out;
    private final Optional<OwnDisk> disk;
    private final RunningServer server;
    private final List<KnownSamples> all = new ArrayList<>();
    private final Map<String, Long> unexpected = new TreeMap<>();
    private long acknowledged;
    private long missing;
    private long altered;

    FaultTrials(Kind kind, Duration outage, long seed, PrintStream out) {
        this.kind = kind;
        this.outage = outage;
        this.random = new SplittableRandom(seed + kind.ordinal());
        this.out = out;
        String name = "trial-" + kind;
        this.disk = kind.needsDisk()
                ? Optional.of(OwnDisk.at(RunningServer.dataOf(name), DISK_MEGABYTES))
                : Optional.empty();
        this.server = disk.isPresent() ? RunningServer.on(name, SETTINGS) : RunningServer.fresh(name, SETTINGS);
        out.println(kind + ", seed " + seed);
    }

    public static void main(String[] arguments) throws Exception {
        String wanted = arguments.length > 0 ? arguments[0] : "all";
        int trials = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        Duration outage = Duration.ofSeconds(arguments.length > 2 ? Long.parseLong(arguments[2]) : 600);
        long seed = arguments.length > 3 ? Long.parseLong(arguments[3]) : System.nanoTime();
        List<Kind> kinds = wanted.equals("all") ? List.of(Kind.values()) : List.of(Kind.of(wanted));
        boolean clean = true;
        for (Kind kind : kinds) {
            String obstacle = obstacle(kind);
            if (!obstacle.isEmpty()) {
                System.out.println(kind + ": left out, " + obstacle);
                continue;
            }
            try (FaultTrials series = new FaultTrials(kind, outage, seed, System.out)) {
                series.run(trials);
                clean &= series.isClean();
            }
        }
        System.exit(clean ? 0 : 1);
    }

    /** Why trials of a kind are impossible here; empty when they are not. */
    static String obstacle(Kind kind) {
        return kind.needsDisk() ? OwnDisk.obstacle(RunningServer.dataOf("any").getParent()) : "";
    }

    boolean isClean() {
        return missing == 0 && altered == 0 && unexpected.isEmpty();
    }

    /** Counts of all trials, as they are printed. */
    String summary() {
        return "%s: %d trials, %d acknowledged, %d missing, %d altered, unexpected answers %s"
                .formatted(kind, all.size(), acknowledged, missing, altered, unexpected);
    }

    long acknowledged() {
        return acknowledged;
    }

    RunningServer server() {
        return server;
    }

    void run(int trials) throws InterruptedException {
        for (int trial = 1; trial <= trials; trial++) {
            runOne(trial);
        }
        server.restart();
        for (KnownSamples known : all) {
            KnownSamples.Verdict again = known.verify();
            missing += again.missing();
            altered += again.altered();
        }
        out.println("after a restart: " + summary());
    }

    private void runOne(int trial) throws InterruptedException {
        KnownSamples known = new KnownSamples(server, kind + "-" + trial);
        all.add(known);
        known.start();
        awaitAcknowledged(known, 50);
        pause(200 + random.nextInt(5_000));
        long back;
        try {
            long struck = System.nanoTime();
            strike();
            awaitReady();
            awaitAcknowledged(known, 20);
            back = Duration.ofNanos(System.nanoTime() - struck).toMillis();
            pause(1_000);
        } finally {
            known.stop();
        }
        KnownSamples.Verdict verdict = known.verify();
        acknowledged += verdict.acknowledged();
        missing += verdict.missing();
        altered += verdict.altered();
        known.unexpected().forEach((answer, count) -> unexpected.merge(answer, count, Long::sum));
        out.printf("%s %d: %s; whole again after %d ms%n", kind, trial, verdict, back);
        if (!known.unexpected().isEmpty()) {
            out.println("  unexpected: " + known.unexpected());
        }
    }

    private void strike() {
        switch (kind) {
            case KILL_APP -> {
                server.killHard();
                server.start();
            }
            case KILL_POSTGRES -> server.postgresProcesses().forEach(ProcessHandle::destroyForcibly);
            case KILL_BOTH -> {
                killBoth(server.postgresProcesses());
                server.start();
            }
            case POWER_CUT -> {
                List<ProcessHandle> postgres = server.postgresProcesses();
                disk().losePower();
                killBoth(postgres);
                disk().powerUp();
                server.start();
            }
            case DISK_FULL -> {
                disk().fill();
                pause(1_000 + random.nextInt(9_000));
                disk().empty();
            }
            case OUTAGE -> {
                server.stopPostgres();
                pause(outage.toMillis());
                server.startPostgres();
            }
        }
    }

    private void killBoth(List<ProcessHandle> postgres) {
        if (random.nextBoolean()) {
            server.killHard();
            postgres.forEach(ProcessHandle::destroyForcibly);
        } else {
            postgres.forEach(ProcessHandle::destroyForcibly);
            server.killHard();
        }
    }

    private OwnDisk disk() {
        return disk.orElseThrow();
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + BACK_WITHIN.toNanos();
        while (true) {
            Object answer;
            try {
                HttpResponse<String> ready = server.get("/health/ready");
                if (ready.statusCode() == 200) {
                    return;
                }
                answer = ready.statusCode() + " " + ready.body();
            } catch (UncheckedIOException e) {
                answer = e;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not ready again within " + BACK_WITHIN + ": " + answer);
            }
            pause(100);
        }
    }

    private void awaitAcknowledged(KnownSamples known, int requests) {
        long wanted = known.acknowledgedRequests() + requests;
        long deadline = System.nanoTime() + BACK_WITHIN.toNanos();
        while (known.acknowledgedRequests() < wanted) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "nothing is acknowledged within " + BACK_WITHIN + "; other answers: " + known.unexpected());
            }
            pause(20);
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    @Override
    public void close() {
        Objects.requireNonNull(server).close();
        disk.ifPresent(OwnDisk::close);
    }
}
