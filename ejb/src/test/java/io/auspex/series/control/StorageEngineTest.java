package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.FreshSamples;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NewSeries;
import io.auspex.series.ReadCost;
import io.auspex.series.SampleAppender;
import io.auspex.series.SeriesLimit;
import io.auspex.series.StaleMarker;
import io.auspex.series.Verdict;
import io.auspex.support.Seeded;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class StorageEngineTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long T = NOON.toEpochMilli() - Duration.ofHours(1).toMillis();
    private static final Labels API = Labels.of("__name__", "requests_total", "job", "api");
    private static final Labels DB = Labels.of("__name__", "requests_total", "job", "db", "path", "C:\\\n\"x\"\u0001");
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

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId globex = database.tenant("globex");

    @Test
    void read_neverCrossesTenants_evenForEqualLabels() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, T, 1);
            engine.write(globex, API, T, 2);
            assertThat(engine.read(acme, "requests_total")).isEqualTo(Map.of(API, floats(T, 1)));
            assertThat(engine.read(globex, "requests_total")).isEqualTo(Map.of(API, floats(T, 2)));

            engine.flush();

            assertThat(engine.read(acme, "requests_total")).isEqualTo(Map.of(API, floats(T, 1)));
            assertThat(engine.read(globex, "requests_total")).isEqualTo(Map.of(API, floats(T, 2)));
            assertThat(engine.engine.figures().activeSeries()).isZero();
        }
    }

    @Test
    void cursor_tellsFromWhichTierItRead() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, T, 1);
            engine.write(acme, API, T + 1, 2);
            engine.flush();
            engine.write(acme, API, T + 2, 3);

            ReadCost cost = engine.cost(acme, "requests_total");

            assertThat(cost.headSamples()).isEqualTo(1);
            assertThat(cost.packedSamples()).isEqualTo(2);
            assertThat(cost.chunks()).isEqualTo(1);
            assertThat(cost.packs()).isEqualTo(1);
            assertThat(cost.packBytes()).isPositive();
            assertThat(cost.fetchNanos()).isPositive();
            assertThat(engine.cost(globex, "requests_total")).isEqualTo(ReadCost.NONE);
        }
    }

    @Test
    void read_fetchesAPackOnce_andForEachTenantItsOwn() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, T, 1);
            engine.write(globex, API, T, 2);
            engine.flush();
            assertThat(engine.read(acme, "requests_total")).isEqualTo(Map.of(API, floats(T, 1)));
            assertThat(engine.engine.figures().packCache().misses()).isOne();

            assertThat(engine.read(acme, "requests_total")).isEqualTo(Map.of(API, floats(T, 1)));
            assertThat(engine.engine.figures().packCache().hits()).isOne();
            assertThat(engine.engine.figures().packCache().misses()).isOne();
            assertThat(engine.engine.figures().packCache().bytes()).isPositive();

            assertThat(engine.read(globex, "requests_total")).isEqualTo(Map.of(API, floats(T, 2)));
            assertThat(engine.engine.figures().packCache().misses()).isEqualTo(2);
        }
    }

    /** So many that another thread helps to decode them, where there are two processors. */
    @Test
    void read_givesManySeriesTheirOwnSamples_fromPacksAndHead() {
        int series = 130;
        int samples = 600;
        List<Labels> labels = IntStream.range(0, series)
                .mapToObj(i -> Labels.of("__name__", "requests_total", "pod", "p" + i))
                .toList();
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            for (int sample = 0; sample < samples; sample++) {
                long time = T + sample;
                int own = sample;
                engine.write(
                        acme,
                        labels,
                        Collections.nCopies(series, time),
                        IntStream.range(0, series)
                                .mapToObj(i -> i * 1_000.0 + own)
                                .toList());
                if (sample == samples - 10) {
                    engine.flush();
                }
            }

            Map<Labels, Map<Long, Object>> read = engine.read(acme, "requests_total");

            assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(labels);
            for (int i = 0; i < series; i++) {
                double first = i * 1_000.0;
                Map<Long, Object> expected = new TreeMap<>();
                IntStream.range(0, samples).forEach(sample -> expected.putAll(floats(T + sample, first + sample)));
                assertThat(read.get(labels.get(i))).isEqualTo(expected);
            }
        }
    }

    @Test
    void read_doesNotAnswerFromMemory_whatIsNoLongerStored() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, T, 1);
            engine.flush();
            assertThat(engine.read(acme, "requests_total")).isNotEmpty();
            database.query(acme, "delete from auspex.perf_metrics returning segment");

            assertThat(engine.read(acme, "requests_total")).isEmpty();
        }
    }

    @Test
    void start_recoversWhatWasAcknowledged_beforeAndAfterFlushes() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, T, 1);
            engine.flush();
            engine.write(acme, API, T + 1, StaleMarker.VALUE);
            engine.write(acme, DB, T + 2, HISTOGRAM);
            engine.write(globex, API, T + 3, -0.0);
            engine.kill();
        }
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            assertThat(engine.read(acme, "requests_total"))
                    .isEqualTo(Map.of(API, floats(T, 1, T + 1, StaleMarker.VALUE), DB, Map.of(T + 2, HISTOGRAM)));
            assertThat(engine.read(globex, "requests_total")).isEqualTo(Map.of(API, floats(T + 3, -0.0)));
            assertThat(engine.engine.figures().replay().samples()).isEqualTo(3);
            engine.flush();
            engine.kill();
        }
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            assertThat(engine.engine.figures().replay().samples()).isZero();
            assertThat(engine.read(acme, "requests_total"))
                    .isEqualTo(Map.of(API, floats(T, 1, T + 1, StaleMarker.VALUE), DB, Map.of(T + 2, HISTOGRAM)));
        }
    }

    @Test
    void flush_truncatesTheLogThatItCovers() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, T, 1);
            assertThat(engine.engine.figures().log().pendingBytes()).isPositive();

            engine.flush();

            assertThat(database.query("select sum(rows) from auspex.ingest_log_state()"))
                    .containsExactly("0");
            assertThat(engine.engine.figures().log().pendingBytes()).isZero();
            assertThat(database.query(acme, "select series || ' ' || samples from auspex.perf_metrics"))
                    .containsExactly("1 1");
        }
    }

    @Test
    void write_keepsTheFirstOfTwoValuesForOneTime_whereverTheyLie() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            assertThat(engine.write(acme, API, T, 1)).isEqualTo(Verdict.ACCEPTED);
            assertThat(engine.write(acme, API, T, 1)).isEqualTo(Verdict.DUPLICATE);
            assertThat(engine.write(acme, API, T, 2)).isEqualTo(Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE);
            engine.flush();
            engine.write(acme, API, T, 3);
            assertThat(engine.read(acme, "requests_total")).isEqualTo(Map.of(API, floats(T, 1)));

            engine.flush();

            assertThat(engine.read(acme, "requests_total")).isEqualTo(Map.of(API, floats(T, 1)));
        }
    }

    @Test
    void register_refusesNewSeries_beyondTheLimitsOfTheirTenant() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            List<NewSeries> three = List.of(
                    NewSeries.of(Labels.of("__name__", "m", "i", "1")),
                    NewSeries.of(Labels.of("__name__", "m", "i", "2")),
                    NewSeries.of(Labels.of("__name__", "m", "i", "3")));

            assertThat(engine.engine.register(acme, three, new SeriesLimit(0, 2))[2])
                    .isEqualTo(SampleAppender.REFUSED_BY_METRIC);
            assertThat(engine.engine.register(globex, three, new SeriesLimit(1, 0)))
                    .contains(SampleAppender.REFUSED, Index.atIndex(1));
            assertThat(engine.engine.register(acme, three, new SeriesLimit(0, 3))[2])
                    .isNotNegative();
        }
    }

    @Test
    void register_refusesNewSeriesBeyondTheLimit_andKeepsTheOthers() {
        StorageSettings two = new StorageSettings(
                2,
                Duration.ofDays(1),
                Long.MAX_VALUE,
                Duration.ZERO,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                1 << 20,
                LogLimits.DEFAULT);
        try (TestEngine engine = TestEngine.start(database, two, NOON)) {
            int[] refs = engine.engine.register(
                    acme,
                    List.of(
                            NewSeries.of(API),
                            NewSeries.of(DB),
                            NewSeries.of(DB),
                            NewSeries.of(Labels.of("__name__", "one_too_many"))),
                    SeriesLimit.OF_NODE);

            assertThat(refs[0]).isNotNegative();
            assertThat(refs[1]).isNotNegative().isEqualTo(refs[2]);
            assertThat(refs[3]).isNegative();
            assertThat(engine.engine.register(acme, List.of(NewSeries.of(API)), SeriesLimit.OF_NODE))
                    .containsExactly(refs[0]);
            assertThat(engine.engine.register(globex, List.of(NewSeries.of(API)), SeriesLimit.OF_NODE)[0])
                    .isNotNegative();
            assertThat(engine.engine.figures().refusedSeries()).isEqualTo(1);
        }
    }

    @Test
    void register_refusesNewSeriesOfAllTenants_whenTheHeapHasNoRoom_alsoAfterARestart() {
        StorageSettings tiny = new StorageSettings(
                1_000_000,
                Duration.ofDays(1),
                Long.MAX_VALUE,
                Duration.ZERO,
                Long.MAX_VALUE,
                1 << 20,
                1 << 20,
                LogLimits.DEFAULT);
        List<NewSeries> flood = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            flood.add(NewSeries.of(Labels.of("__name__", "flood", "id", Integer.toString(i))));
        }
        try (TestEngine engine = TestEngine.start(database, tiny, NOON)) {
            assertThat(engine.write(acme, API, T, 1)).isEqualTo(Verdict.ACCEPTED);
            int[] refs = engine.engine.register(acme, flood, SeriesLimit.OF_NODE);

            assertThat(refs[0]).isNotNegative();
            assertThat(refs[2_999]).isEqualTo(SampleAppender.REFUSED_BY_MEMORY);
            assertThat(engine.engine.register(globex, List.of(NewSeries.of(DB)), SeriesLimit.OF_NODE))
                    .containsExactly(SampleAppender.REFUSED_BY_MEMORY);
            assertThat(engine.write(acme, API, T + 1_000, 2)).isEqualTo(Verdict.ACCEPTED);
        }
        try (TestEngine again = TestEngine.start(database, tiny, NOON)) {
            assertThat(again.engine.register(acme, flood.subList(0, 1), SeriesLimit.OF_NODE)[0])
                    .isNotNegative();
            assertThat(again.read(acme, "requests_total")).isEqualTo(Map.of(API, floats(T, 1, T + 1_000, 2)));
        }
    }

    @Test
    void append_publishesAcceptedSamplesOnly() throws InterruptedException {
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            try (FreshSamples.Subscription ignored = engine.fresh.subscribe("test", 100, batch -> {
                for (int i = 0; i < batch.size(); i++) {
                    seen.add(batch.tenant() + " " + batch.labels(i).get("job") + " " + batch.timestamp(i) + " "
                            + batch.value(i));
                }
            })) {
                engine.write(acme, API, T, 1);
                engine.write(acme, API, T, 1);
                engine.write(globex, API, T, 5);

                assertThat(seen.take()).isEqualTo(acme + " api " + T + " 1.0");
                assertThat(seen.take()).isEqualTo(globex + " api " + T + " 5.0");
            }
        }
    }

    @Test
    void read_servesTheHead_andRefusesHistory_whilePostgresIsAway() {
        try (TestPostgres server = TestPostgres.start()) {
            TestDatabase own = new TestDatabase(server);
            TenantId tenant = own.tenant("acme");
            try (TestEngine engine = TestEngine.start(own, NOON)) {
                engine.write(tenant, API, T, 1);
                engine.flush();
                long fresh = NOON.toEpochMilli() + 1;
                engine.write(tenant, API, fresh, 2);

                server.stopImmediately();

                assertThat(engine.read(tenant, "requests_total", fresh, fresh))
                        .isEqualTo(Map.of(API, floats(fresh, 2)));
                assertThatThrownBy(() -> engine.read(tenant, "requests_total", T, fresh))
                        .isInstanceOfSatisfying(
                                AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
                assertThatThrownBy(() -> engine.write(tenant, API, fresh + 1, 3))
                        .isInstanceOfSatisfying(
                                AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
                assertThatThrownBy(engine::flush).isInstanceOf(AuspexException.class);
                server.restart();
                engine.write(tenant, API, fresh + 2, 4);
                engine.flush();
                assertThat(engine.read(tenant, "requests_total").get(API))
                        .containsAllEntriesOf(floats(T, 1, fresh, 2, fresh + 2, 4));
            }
        }
    }

    @Test
    void start_flushesInBetween_whenTheLogIsLargerThanTheHeadMayBe() {
        Map<Labels, Map<Long, Object>> expected = new TreeMap<>();
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            IntStream.range(0, 1_100).parallel().forEach(i -> engine.write(acme, API, T + i, i * 1.5));
            for (int i = 0; i < 1_100; i++) {
                expected.computeIfAbsent(API, absent -> new TreeMap<>())
                        .put(T + i, Double.doubleToRawLongBits(i * 1.5));
            }
            engine.kill();
        }
        StorageSettings tight = new StorageSettings(
                1_000, Duration.ofDays(1), Long.MAX_VALUE, Duration.ZERO, 1, Long.MAX_VALUE, 0, LogLimits.DEFAULT);
        try (TestEngine engine = TestEngine.start(database, tight, NOON)) {
            assertThat(engine.read(acme, "requests_total")).isEqualTo(expected);
            assertThat(database.query(acme, "select count(*) from auspex.perf_metrics"))
                    .containsExactly("2");
        }
    }

    /** Whatever was written when, however often it was flushed or the server killed: reading gives the same. */
    @Test
    void read_equalsWhatWasWritten_fromHeadPacksAndMixtures() {
        Seeded.forAll(6, random -> {
            TestDatabase fresh = new TestDatabase(TestPostgres.shared());
            new Story(fresh, random).run();
        });
    }

    private static final class Story {
        private final TestDatabase database;
        private final RandomGenerator random;
        private final TenantId tenant;
        private final List<Labels> series = new ArrayList<>();
        private final Map<Labels, Map<Long, Object>> expected = new TreeMap<>();
        private TestEngine engine;

        Story(TestDatabase database, RandomGenerator random) {
            this.database = database;
            this.random = random;
            this.tenant = database.tenant("story");
            this.engine = TestEngine.start(database, NOON);
            for (int i = 0; i < 45; i++) {
                series.add(Labels.of("__name__", "m", "i", Integer.toString(i)));
            }
        }

        void run() {
            try {
                for (int step = 0; step < 12; step++) {
                    write();
                    switch (random.nextInt(5)) {
                        case 0 -> engine.flush();
                        case 1 -> restart();
                        case 2 -> roll();
                        default -> {}
                    }
                    check();
                }
            } finally {
                engine.close();
            }
        }

        /** Mostly the next scrape, sometimes late, over midnight, ahead of the clock, or twice. */
        private void write() {
            for (int request = 0; request < 6; request++) {
                List<Labels> labels = new ArrayList<>();
                List<Long> times = new ArrayList<>();
                List<Double> values = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    labels.add(series.get(random.nextInt(series.size())));
                    times.add(time());
                    values.add(random.nextInt(5) == 0 ? random.nextDouble() : random.nextInt(100));
                    expected.computeIfAbsent(labels.get(i), absent -> new TreeMap<>())
                            .putIfAbsent(times.get(i), Double.doubleToRawLongBits(values.get(i)));
                }
                engine.write(tenant, labels, times, values);
            }
        }

        private long time() {
            return NOON.toEpochMilli()
                    + switch (random.nextInt(10)) {
                        case 0 -> -random.nextLong(Duration.ofDays(3).toMillis());
                        case 1 -> random.nextLong(Duration.ofMinutes(9).toMillis());
                        default -> -random.nextLong(20) * 15_000;
                    };
        }

        private void restart() {
            engine.kill();
            engine = TestEngine.start(database, NOON);
        }

        private void roll() {
            RollUps rollUps = new RollUps(database.jdbc, new TierStore(database.jdbc));
            LocalDate day = LocalDate.ofInstant(NOON, ZoneOffset.UTC).minusDays(random.nextInt(4));
            rollUps.roll(tenant, day, rollUps.due(tenant, day));
            rollUps.settle(day);
        }

        private void check() {
            assertThat(engine.read(tenant, "m")).isEqualTo(expected);
            long from = NOON.toEpochMilli() - random.nextLong(Duration.ofDays(3).toMillis());
            long to = from + random.nextLong(Duration.ofDays(1).toMillis());
            assertThat(engine.read(tenant, "m", from, to)).isEqualTo(within(from, to));
        }

        private Map<Labels, Map<Long, Object>> within(long from, long to) {
            Map<Labels, Map<Long, Object>> part = new TreeMap<>();
            expected.forEach((labels, samples) -> {
                Map<Long, Object> inside =
                        new TreeMap<>(((TreeMap<Long, Object>) samples).subMap(from, true, to, true));
                if (!inside.isEmpty()) {
                    part.put(labels, inside);
                }
            });
            return part;
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
