package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.series.FreshSamples;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.support.Seeded;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several engines over one database, as several nodes have them. */
@Timeout(240)
class TwoNodesTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long T = NOON.toEpochMilli() - Duration.ofHours(1).toMillis();
    private static final Labels API = Labels.of("__name__", "m", "job", "api");
    private static final Labels DB = Labels.of("__name__", "m", "job", "db");
    private static final NodeSettings SETTINGS = new NodeSettings("test", Duration.ofSeconds(1), Duration.ofMillis(10));

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId globex = database.tenant("globex");
    private final List<Node> nodes = new ArrayList<>();

    /** A node whose way to PostgreSQL can be cut. */
    private static final class Node {
        final Gate gate;
        final TestEngine engine;

        Node(TestDatabase database) {
            gate = new Gate(database.dataSource);
            engine = TestEngine.start(database.through(gate), SETTINGS, NOON);
        }

        void kill() {
            try {
                gate.cut();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            engine.close();
        }
    }

    private Node node() {
        return node(database);
    }

    private Node node(TestDatabase on) {
        Node node = new Node(on);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.engine.close());
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            sleep(5);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitRead(Node node, TenantId tenant, Map<Labels, Map<Long, Object>> expected) {
        await("what others wrote", () -> node.engine.read(tenant, "m").equals(expected));
        assertThat(node.engine.read(tenant, "m")).isEqualTo(expected);
    }

    @Test
    void sample_isReadOnEveryNode_byItsTenantOnly() {
        Node one = node();
        Node two = node();

        one.engine.write(acme, API, T, 1);
        two.engine.write(acme, DB, T, 2);
        two.engine.write(globex, API, T, 3);
        one.engine.write(acme, API, T + 1, 4);

        for (Node node : nodes) {
            awaitRead(node, acme, Map.of(API, floats(T, 1, T + 1, 4), DB, floats(T, 2)));
            awaitRead(node, globex, Map.of(API, floats(T, 3)));
        }
        assertThat(List.of(one, two))
                .filteredOn(node -> node.engine.engine.leads())
                .hasSize(1);
    }

    @Test
    void aNodeThatDoesNotFlush_waitsForTheOneThatDoes() throws InterruptedException {
        node();
        node();
        Node leader = nodes.stream()
                .filter(node -> node.engine.engine.leads())
                .findFirst()
                .orElseThrow();
        Node other = nodes.stream().filter(node -> node != leader).findFirst().orElseThrow();
        other.engine.write(acme, API, T, 1);
        Thread flusher = new Thread(() -> {
            sleep(700);
            leader.engine.flush();
        });
        flusher.start();

        other.engine.engine.flushAnywhere(Duration.ofSeconds(30));

        assertThat(database.query(acme, "select count(*) from auspex.perf_metrics"))
                .containsExactly("1");
        flusher.join();
        assertThatThrownBy(() -> other.engine.engine.flushAnywhere(Duration.ZERO))
                .hasMessageContaining("did not do so in time");
    }

    @Test
    void histogramsAndNewSeries_areFollowed() {
        Node one = node();
        Node two = node();
        NativeHistogram histogram = new NativeHistogram(
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
        one.engine.write(acme, API, T, histogram);
        awaitRead(two, acme, Map.of(API, Map.of(T, histogram)));

        two.engine.write(acme, API, T + 1, 1);

        Map<Long, Object> expected = new TreeMap<>(floats(T + 1, 1));
        expected.put(T, histogram);
        awaitRead(one, acme, Map.of(API, expected));
        assertThat(database.query(acme, "select count(*) from auspex.series")).containsExactly("1");
    }

    @Test
    void fresh_isToldOnEveryNode() throws InterruptedException {
        Node one = node();
        Node two = node();
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        two.engine.engine.onFollowed(followed -> seen.add(followed.tenant() + " " + followed.samples()));
        try (FreshSamples.Subscription ignored = two.engine.fresh.subscribe("test", 100, batch -> {
            for (int i = 0; i < batch.size(); i++) {
                seen.add(batch.tenant() + " " + batch.labels(i).get("job") + " " + batch.value(i));
            }
        })) {
            two.engine.write(acme, API, T, 1);
            one.engine.write(acme, API, T + 1, 2);
            assertThat(List.of(seen.take(), seen.take(), seen.take()))
                    .containsExactlyInAnyOrder(acme + " api 1.0", acme + " api 2.0", acme + " 1");
        }
    }

    @Test
    void flush_ofOneNode_writesWhatAllHave_once_andFreesAllHeads() {
        Node one = node();
        Node two = node();
        one.engine.write(acme, API, T, 1);
        two.engine.write(acme, DB, T, 2);
        two.engine.write(acme, API, T + 1, 3);
        Map<Labels, Map<Long, Object>> all = Map.of(API, floats(T, 1, T + 1, 3), DB, floats(T, 2));

        one.engine.flush();

        assertThat(database.query(acme, "select sum(samples) from auspex.perf_metrics"))
                .containsExactly("3");
        await("released", () -> two.engine.engine.figures().activeSeries() == 0);
        assertThat(one.engine.engine.figures().activeSeries()).isZero();
        assertThat(database.query("select sum(rows) from auspex.ingest_log_state()"))
                .containsExactly("0");
        for (Node node : nodes) {
            assertThat(node.engine.read(acme, "m")).isEqualTo(all);
        }
        await(
                "nothing is left to replay",
                () -> two.engine.engine.figures().log().pendingBytes() == 0);
    }

    @Test
    void flush_isRefused_byTheNodeThatDoesNotHoldTheLease() {
        node();
        Node two = node();

        assertThatThrownBy(two.engine::flush)
                .isInstanceOf(AuspexException.class)
                .hasMessageContaining("another node writes the packs");
    }

    /** The holder slept while its lease went to another node, and does not know: PostgreSQL refuses what it writes. */
    @Test
    void flush_ofAStaleHolder_changesNothing() throws SQLException {
        Node one = node();
        one.engine.write(acme, API, T, 1);
        try (Connection owner = database.owner.getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("update auspex.lease set node_id = 77, epoch = epoch + 1, until = 'infinity'");
        }
        long epoch =
                Long.parseLong(database.query("select epoch from auspex.lease").get(0));

        assertThatThrownBy(() -> database.jdbc.callUnbound(connection -> {
                    StorageNode.checkpoint(connection, epoch - 1, 99, Map.of());
                    return true;
                }))
                .hasRootCauseMessage(
                        "ERROR: the lease flush of epoch " + (epoch - 1)
                                + " has gone to another node\n  Where: PL/pgSQL function lease_require(text,bigint) line 6 at RAISE\n"
                                + "SQL statement \"SELECT auspex.lease_require('flush', epoch)\"\n"
                                + "PL/pgSQL function ingest_checkpoint_move(bigint,bigint,integer[],bigint[]) line 3 at PERFORM");
        assertThatThrownBy(one.engine::flush).isInstanceOf(AuspexException.class);
        assertThat(database.query(acme, "select count(*) from auspex.perf_metrics"))
                .containsExactly("0");
        assertThat(database.query("select max(upto_seq) from auspex.ingest_checkpoint"))
                .containsExactly("0");
        assertThat(one.engine.read(acme, "m")).isEqualTo(Map.of(API, floats(T, 1)));
    }

    @Test
    void kill_ofTheHolder_letsAnotherTakeOver_andNothingIsLostOrDoubled() {
        Node one = node();
        Node two = node();
        one.engine.write(acme, API, T, 1);
        two.engine.write(acme, API, T + 1, 2);
        one.engine.flush();
        one.engine.write(acme, API, T + 2, 3);
        one.kill();
        long killed = System.nanoTime();

        await("lease", two.engine.engine::leads);
        assertThat(Duration.ofNanos(System.nanoTime() - killed))
                .isLessThan(SETTINGS.lease().multipliedBy(2));
        awaitRead(two, acme, Map.of(API, floats(T, 1, T + 1, 2, T + 2, 3)));
        two.engine.flush();

        assertThat(two.engine.read(acme, "m")).isEqualTo(Map.of(API, floats(T, 1, T + 1, 2, T + 2, 3)));
        assertThat(database.query(acme, "select sum(samples) from auspex.perf_metrics"))
                .containsExactly("3");
        assertThat(database.query("select sum(rows) from auspex.ingest_log_state()"))
                .containsExactly("0");
        Node three = node();
        assertThat(three.engine.read(acme, "m")).isEqualTo(Map.of(API, floats(T, 1, T + 1, 2, T + 2, 3)));
        assertThat(database.query("select count(*) from auspex.ingest_checkpoint"))
                .as("streams of the killed node are forgotten")
                .containsExactly("4");
    }

    @Test
    void node_thatWasAwayWhileTheLogWasEmptied_readsFromPacks() throws SQLException {
        Node one = node();
        Node two = node();
        one.engine.write(acme, API, T, 1);
        awaitRead(two, acme, Map.of(API, floats(T, 1)));
        two.gate.cut();
        sleep(SETTINGS.lease().toMillis());
        one.engine.write(acme, API, T + 1, 2);
        one.engine.write(acme, DB, T + 2, 3);
        one.engine.flush();
        one.engine.write(acme, DB, T + 3, 4);
        two.gate.mend();

        awaitRead(two, acme, Map.of(API, floats(T, 1, T + 1, 2), DB, floats(T + 2, 3, T + 3, 4)));
        two.engine.write(acme, API, T + 4, 5);
        awaitRead(one, acme, Map.of(API, floats(T, 1, T + 1, 2, T + 4, 5), DB, floats(T + 2, 3, T + 3, 4)));
    }

    /** Whoever is written to, flushes, is cut off, killed or joins: each node reads the same in the end. */
    @Test
    void read_isTheSameEverywhere_whateverHappensToNodes() {
        Seeded.forAll(5, random -> {
            TestDatabase fresh = new TestDatabase(TestPostgres.shared());
            new Story(fresh, random).run();
        });
    }

    private final class Story {
        private final TestDatabase on;
        private final RandomGenerator random;
        private final TenantId tenant;
        private final Map<Labels, Map<Long, Object>> expected = new TreeMap<>();
        private final List<Node> alive = new ArrayList<>();

        Story(TestDatabase on, RandomGenerator random) {
            this.on = on;
            this.random = random;
            this.tenant = on.tenant("story");
        }

        void run() {
            alive.add(node(on));
            alive.add(node(on));
            for (int step = 0; step < 25; step++) {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    write(alive.get(random.nextInt(alive.size())));
                }
                switch (random.nextInt(8)) {
                    case 0, 1 -> flush();
                    case 2 -> {
                        if (alive.size() > 1) {
                            alive.remove(random.nextInt(alive.size())).kill();
                        }
                    }
                    case 3 -> {
                        if (alive.size() < 3) {
                            alive.add(node(on));
                        }
                    }
                    default -> {}
                }
                if (random.nextInt(4) == 0) {
                    check();
                }
            }
            check();
            flush();
            check();
            assertThat(on.query(tenant, "select count(*) from auspex.series"))
                    .containsExactly(Integer.toString(expected.size()));
            alive.forEach(node -> node.engine.close());
            alive.clear();
            alive.add(node(on));
            check();
        }

        private void flush() {
            await("a holder", () -> alive.stream().anyMatch(node -> node.engine.engine.leads()));
            alive.stream()
                    .filter(node -> node.engine.engine.leads())
                    .findFirst()
                    .ifPresent(holder -> {
                        try {
                            holder.engine.flush();
                        } catch (AuspexException e) {
                            assertThat(e.getCause()).hasMessageContaining("has gone to another node");
                        }
                    });
        }

        /** The value follows from series and time, so that it does not matter who is first. */
        private void write(Node node) {
            List<Labels> labels = new ArrayList<>();
            List<Long> times = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            IntStream.range(0, 10).forEach(i -> {
                int series = random.nextInt(40);
                long time = NOON.toEpochMilli()
                        - (random.nextInt(8) == 0
                                ? random.nextLong(Duration.ofDays(2).toMillis())
                                : random.nextLong(40) * 15_000);
                labels.add(Labels.of("__name__", "m", "i", Integer.toString(series)));
                times.add(time);
                values.add(series * 1e9 + time % 1_000_000);
                expected.computeIfAbsent(labels.get(i), absent -> new TreeMap<>())
                        .put(time, Double.doubleToRawLongBits(values.get(i)));
            });
            node.engine.write(tenant, labels, times, values);
        }

        private void check() {
            alive.forEach(node -> awaitRead(node, tenant, expected));
        }
    }

    private static Map<Long, Object> floats(Object... timesAndValues) {
        Map<Long, Object> samples = new TreeMap<>();
        for (int i = 0; i < timesAndValues.length; i += 2) {
            samples.put(
                    (Long) timesAndValues[i],
                    Double.doubleToRawLongBits(((Number) timesAndValues[i + 1]).doubleValue()));
        }
        return samples;
    }
}
