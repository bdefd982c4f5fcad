package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NewSeries;
import io.auspex.series.SampleAppender;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesLimit;
import io.auspex.series.Verdict;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine takes while PostgreSQL is away, and where it is afterwards. */
@Timeout(180)
final class OutageTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long T = NOON.toEpochMilli();
    private static final Labels OLD = Labels.of("__name__", "m", "known", "yes");
    private static final Labels NEW = Labels.of("__name__", "m", "known", "since the outage \"\\\u0001");
    private static final NativeHistogram HISTOGRAM = new NativeHistogram(
            3,
            6,
            17.5,
            0.001,
            1,
            -2,
            new double[] {1, 2, 0, 2},
            0,
            new double[0],
            new double[0],
            NativeHistogram.ResetHint.UNKNOWN);

    private static TestPostgres server;

    private TestDatabase database;
    private TenantId acme;
    private TenantId globex;

    @TempDir
    Path directory;

    @BeforeAll
    static void startServer() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void prepare() {
        database = new TestDatabase(server);
        acme = database.tenant("acme");
        globex = database.tenant("globex");
    }

    private SpoolSettings spool() {
        return new SpoolSettings(directory, 1 << 20, Duration.ofHours(1), 100);
    }

    private TestEngine start() {
        TestEngine engine = TestEngine.start(database, NOON, spool());
        await(() -> engine.engine.figures().spool().records() == 0 && engine.hasReserve());
        return engine;
    }

    @Test
    void write_goesOnDuringAnOutage_andTheLogHasAllOfItAfterwards() {
        Map<Labels, Map<Long, Object>> ofAcme = Map.of(
                OLD, floats(T, 1, T + 1, 2, T + 2, 3, T + 9, 9), NEW, Map.of(T + 1, bits(0.1), T + 5, HISTOGRAM));
        Map<Labels, Map<Long, Object>> ofGlobex = Map.of(NEW, floats(T + 1, -0.0));
        try (TestEngine engine = start()) {
            engine.write(acme, OLD, T, 1);
            server.stopImmediately();

            engine.write(acme, OLD, T + 1, 2);
            assertThat(engine.write(acme, OLD, T + 1, 7)).isEqualTo(Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE);
            engine.write(acme, NEW, T + 1, 0.1);
            engine.write(globex, NEW, T + 1, -0.0);
            engine.write(acme, NEW, T + 5, HISTOGRAM);
            engine.write(acme, OLD, T + 2, 3);

            assertThat(engine.engine.figures().spool().active()).isTrue();
            assertThat(engine.engine.figures().spool().bytes()).isPositive();
            assertThat(engine.read(acme, "m", T, T + 8))
                    .isEqualTo(Map.of(OLD, floats(T, 1, T + 1, 2, T + 2, 3), NEW, ofAcme.get(NEW)));
            assertThat(engine.read(globex, "m", T, T + 8)).isEqualTo(ofGlobex);

            server.restart();
            awaitReplayed(engine);
            engine.write(acme, OLD, T + 9, 9);

            assertThat(files()).isZero();
            assertThat(engine.engine.figures().spool().bytes()).isZero();
            assertThat(engine.read(acme, "m")).isEqualTo(ofAcme);
            engine.kill();
        }
        try (TestEngine engine = start()) {
            assertThat(engine.read(acme, "m")).isEqualTo(ofAcme);
            assertThat(engine.read(globex, "m")).isEqualTo(ofGlobex);
            engine.flush();
            engine.kill();
        }
        try (TestEngine engine = start()) {
            assertThat(engine.engine.figures().replay().samples()).isZero();
            assertThat(engine.read(acme, "m")).isEqualTo(ofAcme);
            assertThat(engine.read(globex, "m")).isEqualTo(ofGlobex);
        }
    }

    @Test
    void start_bringsBackTheSpoolOfAProcessThatEndedDuringTheOutage() throws IOException {
        try (TestEngine engine = start()) {
            engine.write(acme, OLD, T, 1);
            server.stopImmediately();
            engine.write(acme, OLD, T + 1, 2);
            engine.write(globex, NEW, T + 1, 3);
            engine.kill();
        }
        // a crash while a record was being written leaves its beginning
        try (Stream<Path> all = Files.list(directory)) {
            Path last = all.sorted().reduce((first, second) -> second).orElseThrow();
            byte[] whole = Files.readAllBytes(last);
            byte[] torn = java.util.Arrays.copyOf(whole, whole.length + 30);
            System.arraycopy(whole, 0, torn, whole.length, 30);
            Files.write(last, torn);
        }
        server.restart();
        for (int i = 0; i < 2; i++) {
            try (TestEngine engine = start()) {
                assertThat(engine.read(acme, "m")).isEqualTo(Map.of(OLD, floats(T, 1, T + 1, 2)));
                assertThat(engine.read(globex, "m")).isEqualTo(Map.of(NEW, floats(T + 1, 3)));
                assertThat(engine.engine.figures().spool().damaged()).isZero();
                assertThat(files()).isZero();
                engine.kill();
            }
        }
    }

    @Test
    void replay_passesOverDamage_andCountsIt() throws IOException {
        try (TestEngine engine = start()) {
            engine.write(acme, OLD, T, 1);
            server.stopImmediately();
            for (int i = 1; i <= 3; i++) {
                engine.write(acme, OLD, T + i, i);
            }
            engine.kill();
        }
        try (Stream<Path> all = Files.list(directory)) {
            Path file = all.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 8;
            Files.write(file, bytes);
        }
        server.restart();
        try (TestEngine engine = start()) {
            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(OLD, floats(T, 1, T + 1, 1, T + 3, 3)));
            assertThat(engine.engine.figures().spool().damaged()).isOne();
        }
    }

    @Test
    void write_isRefused_beyondTheLimitsOfTheSpool() {
        SpoolSettings small = new SpoolSettings(directory, 600, Duration.ofHours(1), 1);
        try (TestEngine engine = TestEngine.start(database, NOON, small)) {
            engine.write(acme, OLD, T, 1);
            await(engine::hasReserve);
            server.stopImmediately();
            engine.write(acme, NEW, T, 1);

            assertUnavailable(() -> engine.write(acme, Labels.of("__name__", "m", "i", "one too many"), T, 1), "new");
            assertUnavailable(
                    () -> IntStream.range(1, 100).forEach(i -> engine.write(acme, OLD, T + i, 1)), "spool is full");
            assertThat(engine.engine.figures().spool().full()).isTrue();
            assertThat(engine.engine.figures().spool().refusedRequests()).isPositive();
            server.restart();
            awaitReplayed(engine);
            engine.write(acme, Labels.of("__name__", "m", "i", "one too many"), T, 1);
            assertThat(engine.read(acme, "m")).hasSize(3);
        }
    }

    /** The limits of a tenant hold as they do with PostgreSQL. */
    @Test
    void register_keepsToTheLimitsOfATenant() {
        try (TestEngine engine = start()) {
            server.stopImmediately();

            int[] refs = engine.engine.register(
                    acme,
                    IntStream.range(0, 4)
                            .mapToObj(i -> NewSeries.of(Labels.of("__name__", "m", "i", Integer.toString(i))))
                            .toList(),
                    new SeriesLimit(3, 0));

            server.restart();
            assertThat(refs[2]).isNotNegative();
            assertThat(refs[3]).isEqualTo(SampleAppender.REFUSED);
        }
    }

    /** Another node created the same series when PostgreSQL was back: its id is the one. */
    @Test
    void replay_takesTheIdOfWhoeverWasFirst() {
        try (TestEngine engine = start()) {
            server.stopImmediately();
            engine.write(acme, NEW, T, 1);
            engine.write(acme, OLD, T, 2);
            engine.holdReplay(() -> {
                server.restart();
                SeriesIdentity identity = SeriesIdentity.of(NEW);
                database.query(
                        acme,
                        "insert into auspex.series (tenant_id, series_id, h1, h2, metric, labels, segment, slot) values ("
                                + acme.value() + ", 900000, " + identity.high() + ", " + identity.low()
                                + ", 'm', '" + LabelsJson.write(NEW).replace("'", "''") + "', 900000, 0)");
            });
            awaitReplayed(engine);
            engine.write(acme, NEW, T + 1, 3);

            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(NEW, floats(T, 1, T + 1, 3), OLD, floats(T, 2)));
            engine.kill();
        }
        try (TestEngine engine = start()) {
            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(NEW, floats(T, 1, T + 1, 3), OLD, floats(T, 2)));
            engine.flush();
            assertThat(engine.read(acme, "m")).isEqualTo(Map.of(NEW, floats(T, 1, T + 1, 3), OLD, floats(T, 2)));
        }
    }

    /** Each node has a spool of its own; the series are the same. */
    @Test
    void nodesReadEachOther_whenTheirSpoolsAreReplayed() {
        Map<Labels, Map<Long, Object>> all =
                Map.of(OLD, floats(T, 1, T + 1, 2, T + 2, 3), NEW, floats(T + 1, 4, T + 2, 5));
        NodeSettings second = new NodeSettings("second", Duration.ofSeconds(2), Duration.ofMillis(20));
        SpoolSettings secondSpool = new SpoolSettings(directory.resolve("second"), 1 << 20, Duration.ofHours(1), 100);
        try (TestEngine a = start();
                TestEngine b = TestEngine.start(database, second, NOON, secondSpool)) {
            await(b::hasReserve);
            a.write(acme, OLD, T, 1);
            await(() -> b.read(acme, "m").equals(Map.of(OLD, floats(T, 1))));
            server.stopImmediately();
            a.write(acme, OLD, T + 1, 2);
            b.write(acme, OLD, T + 2, 3);
            a.write(acme, NEW, T + 1, 4);
            b.write(acme, NEW, T + 2, 5);
            server.restart();
            awaitReplayed(a);
            awaitReplayed(b);

            await(() -> a.read(acme, "m").equals(all) && b.read(acme, "m").equals(all));
            (a.engine.leads() ? a : b).flush();
            await(() -> a.read(acme, "m").equals(all) && b.read(acme, "m").equals(all));
        }
        try (TestEngine engine = start()) {
            assertThat(engine.read(acme, "m")).isEqualTo(all);
        }
    }

    /** PostgreSQL comes and goes while several threads write; whoever had an answer finds the sample. */
    @Test
    void nothingIsLost_whenPostgresComesAndGoes() throws InterruptedException {
        List<Map<Labels, Map<Long, Object>>> acknowledged = IntStream.range(0, 4)
                .<Map<Labels, Map<Long, Object>>>mapToObj(i -> new TreeMap<>())
                .toList();
        boolean[] done = new boolean[1];
        try (TestEngine engine = start()) {
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(i -> new Thread(() -> {
                        for (int n = 0; !done[0]; n++) {
                            Labels labels = Labels.of(
                                    "__name__", "m", "thread", Integer.toString(i), "n", Integer.toString(n / 500));
                            try {
                                engine.write(acme, labels, T + n, n * 0.5);
                                acknowledged
                                        .get(i)
                                        .computeIfAbsent(labels, absent -> new TreeMap<>())
                                        .put(T + n, bits(n * 0.5));
                            } catch (AuspexException e) {
                                LockSupport.parkNanos(1_000_000);
                            }
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            for (int i = 0; i < 3; i++) {
                pause(200 + ThreadLocalRandom.current().nextInt(300));
                server.stopImmediately();
                pause(200 + ThreadLocalRandom.current().nextInt(300));
                server.restart();
                pause(200);
                try {
                    engine.engine.flushNow();
                } catch (AuspexException e) {
                    assertThat(e.code()).isEqualTo(Code.UNAVAILABLE); // not while the spool is being replayed
                }
            }
            done[0] = true;
            for (Thread thread : threads) {
                thread.join();
            }
            awaitReplayed(engine);
            check(engine, acknowledged);
            engine.kill();
        }
        try (TestEngine engine = start()) {
            check(engine, acknowledged);
        }
    }

    private void check(TestEngine engine, List<Map<Labels, Map<Long, Object>>> acknowledged) {
        Map<Labels, Map<Long, Object>> read = engine.read(acme, "m");
        for (Map<Labels, Map<Long, Object>> each : acknowledged) {
            assertThat(each).isNotEmpty();
            each.forEach((labels, samples) ->
                    assertThat(read.get(labels)).as(labels.toString()).containsAllEntriesOf(samples));
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
                .hasMessageContaining(text);
    }

    private static void awaitReplayed(TestEngine engine) {
        await(() -> !engine.engine.figures().spool().active());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within a minute");
            }
            pause(20);
        }
    }

    private long files() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Object bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static Map<Long, Object> floats(Object... timesAndValues) {
        Map<Long, Object> samples = new TreeMap<>();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            samples.put((Long) timesAndValues[i], bits(((Number) timesAndValues[i + 1]).doubleValue()));
        }
        return samples;
    }
}
