package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Meters;
import io.auspex.series.DeletionRequest;
import io.auspex.series.ErasedSeries;
import io.auspex.series.Exemplar;
import io.auspex.series.ExemplarStore;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.MetricMetadata;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NewSeries;
import io.auspex.series.RollUp;
import io.auspex.series.RollUpPacks;
import io.auspex.series.SampleReader;
import io.auspex.series.SeriesExemplar;
import io.auspex.series.SeriesLimit;
import io.auspex.series.StaleMarker;
import io.auspex.series.Tier;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.event.Event;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DeletionRequestsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long NOW = NOON.toEpochMilli();
    private static final long T = NOW - 3_600_000;
    private static final Duration WINDOW = Duration.ofHours(24);
    private static final Labels BOB = Labels.of("__name__", "clicks_total", "user", "bob-7f3a9");
    private static final Labels EVE = Labels.of("__name__", "clicks_total", "user", "eve");
    private static final Labels LOGIN = Labels.of("__name__", "login_bob", "user", "bob-7f3a9");
    private static final List<Matcher> OF_BOB = List.of(Matcher.equal("user", "bob-7f3a9"));
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
    private final List<ErasedSeries> told = new CopyOnWriteArrayList<>();

    private DeletionRequests requests(TestEngine engine, MetadataStore metadata, Instant now) {
        DeletionRequests requests = new DeletionRequests();
        requests.storage = storage(engine);
        requests.metadata = metadata;
        requests.jdbc = database.jdbc;
        requests.signer = (type, claims) -> type + claims;
        requests.erased = events();
        requests.clock = Clock.fixed(now, ZoneOffset.UTC);
        requests.undoWindow = WINDOW;
        requests.load();
        return requests;
    }

    private static StorageBeans storage(TestEngine engine) {
        return new StorageBeans() {
            @Override
            StorageEngine engine() {
                return engine.engine;
            }
        };
    }

    @SuppressWarnings("unchecked")
    private Event<ErasedSeries> events() {
        return (Event<ErasedSeries>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Event.class}, (proxy, method, arguments) -> {
                    told.add((ErasedSeries) arguments[0]);
                    return null;
                });
    }

    private MetadataStore metadata() {
        MetadataStore made = new MetadataStore();
        made.jdbc = database.jdbc;
        made.clock = Clock.systemUTC();
        made.meters = new Meters();
        made.limit = 100;
        made.register();
        return made;
    }

    private static DeletionRequests.Wanted wanted(List<Matcher> matchers, long from, long to) {
        return new DeletionRequests.Wanted(
                List.of(matchers), List.of("{user=\"bob-7f3a9\"}"), from, to, Optional.empty(), "user:7");
    }

    private static void exemplar(TestEngine engine, ExemplarStore store, TenantId tenant, Labels series, long time) {
        int ref = engine.engine.register(tenant, List.of(NewSeries.of(series)), SeriesLimit.OF_NODE)[0];
        store.append(tenant, List.of(new SeriesExemplar(ref, new Exemplar(Labels.of("trace_id", "t"), 1, time))));
    }

    /** Everything that anybody can ask for of a tenant. */
    private Map<String, Object> everything(TestEngine engine, MetadataStore metadata, TenantId tenant) {
        SampleReader reader = engine.engine.store().reader(tenant);
        List<Matcher> all = List.of(new Matcher(Matcher.Type.REGEX, "__name__", ".+"));
        Map<String, Object> seen = new TreeMap<>();
        seen.put("clicks", engine.read(tenant, "clicks_total"));
        seen.put("login", engine.read(tenant, "login_bob"));
        seen.put("series", List.copyOf(new java.util.TreeSet<>(reader.series(all, 0, Long.MAX_VALUE))));
        seen.put("series of an hour", List.copyOf(new java.util.TreeSet<>(reader.series(all, T - 1000, NOW))));
        seen.put("count", reader.count(all));
        seen.put("names", reader.labelNames(List.of(), 0, Long.MAX_VALUE));
        seen.put("users", reader.labelValues("user", List.of(), 0, Long.MAX_VALUE));
        seen.put("metrics", reader.labelValues("__name__", all, T - 1000, NOW));
        seen.put("exemplars", engine.engine.exemplars(100, new Meters()).find(tenant, all, 0, Long.MAX_VALUE, 100));
        seen.put("metadata", metadata.find(tenant, "", -1));
        StorageReport report = new StorageReport();
        report.storage = storage(engine);
        report.jdbc = database.jdbc;
        seen.put("cardinality", report.cardinality(tenant, 100).seriesByPair());
        return seen;
    }

    private void write(TestEngine engine, MetadataStore metadata, TenantId tenant) {
        ExemplarStore exemplars = engine.engine.exemplars(100, new Meters());
        engine.write(tenant, BOB, T, 1);
        engine.write(tenant, BOB, T + 1, StaleMarker.VALUE);
        engine.write(tenant, EVE, T, 2);
        engine.flush();
        engine.write(tenant, BOB, T + 2, HISTOGRAM);
        engine.write(tenant, BOB, T + 3, -0.0);
        engine.write(tenant, LOGIN, T, 5);
        engine.write(tenant, EVE, T + 1, 3);
        exemplar(engine, exemplars, tenant, BOB, T + 1);
        exemplar(engine, exemplars, tenant, EVE, T + 1);
        metadata.learn(tenant, List.of(new MetricMetadata("login_bob", "gauge", "Of bob-7f3a9.", "")));
        metadata.learn(tenant, List.of(new MetricMetadata("clicks_total", "counter", "Clicks.", "")));
    }

    @Test
    void deletion_hidesAtOnce_andUndoneShowsTheSameBits() {
        MetadataStore metadata = metadata();
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            write(engine, metadata, acme);
            write(engine, metadata, globex);
            DeletionRequests requests = requests(engine, metadata, NOON);
            Map<String, Object> before = everything(engine, metadata, acme);
            Map<String, Object> foreign = everything(engine, metadata, globex);

            DeletionRequest request = requests.create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE))
                    .orElseThrow();

            assertThat(request.series()).isEqualTo(2);
            assertThat(request.toMillis()).isEqualTo(NOW);
            assertThat(request.undoUntil()).isEqualTo(NOON.plus(WINDOW));
            Map<String, Object> hidden = everything(engine, metadata, acme);
            assertThat(hidden.toString()).doesNotContain("bob").contains("eve");
            assertThat(hidden).containsEntry("count", 1).containsEntry("login", Map.of());
            assertThat(everything(engine, metadata, globex)).isEqualTo(foreign);
            engine.flush();
            assertThat(everything(engine, metadata, acme).toString()).doesNotContain("bob");
            assertThat(requests.list(globex, 10)).isEmpty();
            assertThatThrownBy(() -> requests.undo(globex, request.id(), "user:9"))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
            assertThat(requests.eraseDue(acme)).as("nothing is due").isZero();

            assertThat(requests.undo(acme, request.id(), "user:8").state()).isEqualTo(DeletionRequest.State.UNDONE);

            assertThat(everything(engine, metadata, acme)).isEqualTo(before);
            assertThatThrownBy(() -> requests.undo(acme, request.id(), "user:8"))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void deletion_holdsOnAllNodes_andSoDoItsUndoAndItsErasure() {
        NodeSettings fast = new NodeSettings("test", Duration.ofSeconds(2), Duration.ofMillis(10));
        MetadataStore metadata = metadata();
        MetadataStore otherMetadata = metadata();
        try (TestEngine engine = TestEngine.start(database, fast, NOON);
                TestEngine other = TestEngine.start(database, fast, NOON)) {
            DeletionRequests requests = requests(engine, metadata, NOON);
            DeletionRequests others = requests(other, otherMetadata, NOON);
            write(engine, metadata, acme);
            other.write(acme, BOB, T + 4, 9);
            await(() -> engine.read(acme, "clicks_total").equals(other.read(acme, "clicks_total")));
            Map<Labels, Map<Long, Object>> before = engine.read(acme, "clicks_total");
            assertThat(before.get(BOB)).containsKey(T + 4);

            DeletionRequest undone = others.create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE))
                    .orElseThrow();
            await(() -> !engine.read(acme, "clicks_total").containsKey(BOB));
            assertThat(other.read(acme, "clicks_total")).containsOnlyKeys(EVE);
            requests.undo(acme, undone.id(), "user:8");
            await(() -> other.read(acme, "clicks_total").equals(before));
            assertThat(engine.read(acme, "clicks_total")).isEqualTo(before);

            requests.create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE))
                    .orElseThrow();
            await(() -> !other.read(acme, "clicks_total").containsKey(BOB));
            requests.clock = Clock.fixed(NOON.plus(WINDOW).plusSeconds(1), ZoneOffset.UTC);
            assertThat(others.eraseDue(acme))
                    .as("not the one that writes packs")
                    .isZero();
            assertThat(requests.eraseDue(acme)).isOne();

            await(() -> other.engine.index(acme).match(OF_BOB).isEmpty()
                    && other.engine.tombstones().of(acme).isEmpty());
            for (TestEngine each : List.of(engine, other)) {
                assertThat(each.read(acme, "clicks_total")).containsOnlyKeys(EVE);
                assertThat(each.read(acme, "login_bob")).isEmpty();
                assertThat(each.engine.index(acme).labelValues("user")).containsExactly("eve");
            }
            await(() -> told.size() == 2);
            assertThat(told)
                    .as("each node tells its own")
                    .extracting(ErasedSeries::values)
                    .allSatisfy(values -> assertThat(values).contains("bob-7f3a9"));
            assertThat(other.write(acme, BOB, NOW, 11)).isEqualTo(io.auspex.series.Verdict.ACCEPTED);
            await(() -> engine.read(acme, "clicks_total").containsKey(BOB));
            for (TestEngine each : List.of(engine, other)) {
                assertThat(each.read(acme, "clicks_total").get(BOB))
                        .isEqualTo(Map.of(NOW, Double.doubleToRawLongBits(11)));
            }
        }
    }

    /** Else a sample could be acknowledged for a series whose row goes at that moment. */
    @Test
    void senders_haveToWait_whileAnotherNodeErasesTheirSeries() {
        MetadataStore metadata = metadata();
        NodeSettings fast = new NodeSettings("test", Duration.ofSeconds(60), Duration.ofMillis(10));
        try (TestEngine holder = TestEngine.start(database, fast, NOON);
                TestEngine engine = TestEngine.start(database, fast, NOON)) {
            DeletionRequests requests = requests(engine, metadata, NOON);
            engine.write(acme, BOB, T, 1);
            engine.write(acme, EVE, T, 1);
            engine.write(globex, BOB, T, 1);
            DeletionRequest request = requests.create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE))
                    .orElseThrow();
            erasing(holder.engine.epoch());
            requests.sync();

            assertThatThrownBy(() -> engine.write(acme, BOB, NOW, 2))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
            engine.write(acme, EVE, NOW, 2);
            engine.write(globex, BOB, NOW, 2);

            erasing(holder.engine.epoch() - 1); // whoever began has lost the lease
            requests.sync();
            engine.write(acme, BOB, NOW + 1, 3);
            assertThat(requests.undo(acme, request.id(), "user:8").state()).isEqualTo(DeletionRequest.State.UNDONE);
            assertThat(engine.read(acme, "clicks_total").get(BOB)).containsOnlyKeys(T, NOW + 1);
            assertThat(database.query(acme, "select count(*) from auspex.series"))
                    .containsExactly("2");
        }
    }

    private void erasing(long epoch) {
        database.query(acme, "update auspex.deletion_request set erasing = " + epoch + " returning 1");
    }

    @Test
    void deletion_staysHidden_overARestart_butNotWhatComesLater() {
        MetadataStore metadata = metadata();
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            write(engine, metadata, acme);
            requests(engine, metadata, NOON).create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE));
            engine.kill();
        }
        try (TestEngine engine = TestEngine.start(database, NOON.plusSeconds(60))) {
            requests(engine, metadata, NOON.plusSeconds(60));
            assertThat(everything(engine, metadata, acme).toString()).doesNotContain("bob");

            engine.write(acme, BOB, NOW + 1, 7);

            assertThat(engine.read(acme, "clicks_total").get(BOB))
                    .isEqualTo(Map.of(NOW + 1, Double.doubleToRawLongBits(7)));
            assertThat(engine.engine.store().reader(acme).labelValues("user", List.of(), 0, Long.MAX_VALUE))
                    .containsExactly("bob-7f3a9", "eve");
            assertThat(engine.engine.store().reader(acme).labelValues("user", List.of(), 0, NOW))
                    .containsExactly("eve");
        }
    }

    @Test
    void erasure_leavesNothing_inAnyTable() throws Exception {
        MetadataStore metadata = metadata();
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            write(engine, metadata, acme);
            write(engine, metadata, globex);
            DeletionRequests requests = requests(engine, metadata, NOON);
            DeletionRequest request = requests.create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE))
                    .orElseThrow();
            assertThat(tablesThatKnow("bob-7f3a9", acme)).contains("series", "metric_metadata", "deletion_request");
            Map<String, Object> foreign = everything(engine, metadata, globex);

            DeletionRequests later = requests(engine, metadata, NOON.plus(WINDOW));
            assertThat(later.eraseDue(globex)).isZero();
            assertThat(later.eraseDue(acme)).isEqualTo(1);

            DeletionRequest erased = later.get(acme, request.id());
            assertThat(erased.state()).isEqualTo(DeletionRequest.State.ERASED);
            assertThat(erased.erasedSeries()).isEqualTo(2);
            assertThat(erased.erasedSamples()).isEqualTo(5);
            assertThat(erased.selectors()).isEmpty();
            assertThat(erased.certificate())
                    .hasValueSatisfying(text ->
                            assertThat(text).contains("erasedSamples=5", "selectorsSha256=" + request.selectorsHash()));
            assertThat(told).singleElement().satisfies(event -> {
                assertThat(event.tenant()).isEqualTo(acme);
                assertThat(event.series()).containsExactlyInAnyOrder(BOB, LOGIN);
                assertThat(event.values()).containsExactlyInAnyOrder("bob-7f3a9", "login_bob");
            });
            assertThat(tablesThatKnow("bob", acme)).isEmpty();
            assertThat(tablesThatKnow("bob-7f3a9", globex)).contains("series");
            assertThat(everything(engine, metadata, globex)).isEqualTo(foreign);
            assertThat(everything(engine, metadata, acme).toString())
                    .doesNotContain("bob")
                    .contains("eve");
            assertThat(engine.engine.index(acme).labelValues("user")).containsExactly("eve");
            assertThat(engine.read(acme, "clicks_total").get(EVE))
                    .isEqualTo(Map.of(T, Double.doubleToRawLongBits(2), T + 1, Double.doubleToRawLongBits(3)));
            assertThatThrownBy(() -> later.undo(acme, request.id(), "user:8"))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFLICT));

            engine.write(acme, BOB, T + 9, 9); // made anew
            assertThat(engine.read(acme, "clicks_total").get(BOB))
                    .isEqualTo(Map.of(T + 9, Double.doubleToRawLongBits(9)));
            engine.kill();
        }
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            assertThat(engine.read(acme, "clicks_total").get(BOB))
                    .isEqualTo(Map.of(T + 9, Double.doubleToRawLongBits(9)));
        }
    }

    /** Tables with a row of a tenant in whose text something stands. */
    private List<String> tablesThatKnow(String text, TenantId tenant) throws Exception {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.owner.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("select table_name from information_schema.columns"
                    + " where table_schema = 'auspex' and column_name = 'tenant_id'")) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
            assertThat(tables).hasSizeGreaterThan(20);
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("select count(*) from auspex." + table
                        + " t where tenant_id = " + tenant + " and strpos(t::text, '" + text + "') > 0")) {
                    row.next();
                    if (row.getInt(1) > 0) {
                        found.add(table);
                    }
                }
            }
        }
        return found;
    }

    @Test
    void partOfAChunk_isCutOut_andTheDayIsRolledUpAnew() {
        LocalDate yesterday = LocalDate.ofInstant(NOON, ZoneOffset.UTC).minusDays(1);
        long day = RollUps.millis(yesterday);
        RollUps rollUps = new RollUps(database.jdbc, new TierStore(database.jdbc));
        MetadataStore metadata = metadata();
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            for (int minute = 1; minute <= 60; minute++) {
                engine.write(acme, BOB, day + minute * 60_000L, minute);
                engine.write(acme, EVE, day + minute * 60_000L, -minute);
                engine.write(acme, BOB, T + minute * 1000L, minute);
            }
            engine.flush();
            rollUps.roll(acme, yesterday, rollUps.due(acme, yesterday));
            Map<Long, Object> whole = engine.read(acme, "clicks_total").get(BOB);
            Map<Long, Object> eve = engine.read(acme, "clicks_total").get(EVE);
            DeletionRequests requests = requests(engine, metadata, NOON);
            long from = day + 30 * 60_000L;
            long to = T + 30_000L;
            whole.keySet().removeIf(time -> time >= from && time <= to);

            requests.create(acme, wanted(OF_BOB, from, to));

            assertThat(engine.read(acme, "clicks_total").get(BOB)).as("hidden").isEqualTo(whole);
            assertThat(requests(engine, metadata, NOON.plus(WINDOW)).eraseDue(acme))
                    .isEqualTo(1);
            assertThat(engine.read(acme, "clicks_total")).isEqualTo(Map.of(BOB, whole, EVE, eve));
            assertThat(requests.list(acme, 1).get(0).erasedSamples()).isEqualTo(31 + 30);
            assertThat(requests.list(acme, 1).get(0).erasedSeries()).isZero();
            assertThat(lastHour(yesterday, BOB)).isEqualTo(29);
            assertThat(lastHour(yesterday, EVE)).isEqualTo(-60);
            assertThat(told.get(0).series()).isEmpty();
        }
    }

    /** The last value of the first hour of a series' day, as it is rolled up. */
    private double lastHour(LocalDate day, Labels series) {
        long id = Long.parseLong(database.query(
                        acme,
                        "select series_id from auspex.series where labels->>'user' = '" + series.get("user") + "'")
                .get(0));
        byte[] row = database.jdbc.call(acme, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery(
                            "select data from auspex.perf_metrics_1h where t_start = " + RollUps.millis(day))) {
                found.next();
                return found.getBytes(1);
            }
        });
        PackDirectory directory = PackDirectory.parse(row);
        RollUp rollUp = new RollUp();
        try (PackReader reader = new PackReader()) {
            reader.frame(directory, 0, row, directory.frameOffset(0));
            RollUpPacks.read(reader, directory, id, rollUp);
        }
        assertThat(Tier.HOUR.label()).isEqualTo("1h");
        return rollUp.last(0);
    }

    @Test
    void deletion_ofNothing_isNone_andTooManyAreRefused() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            DeletionRequests requests = requests(engine, metadata(), NOON);
            assertThat(requests.create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE)))
                    .isEmpty();
            engine.write(acme, BOB, T, 1);
            assertThat(requests.create(acme, wanted(OF_BOB, NOW + 1, NOW + 2))).isEmpty();
            for (int i = 0; i < DeletionRequests.MOST_HIDDEN; i++) {
                engine.write(acme, BOB, T + i, i);
                assertThat(requests.create(acme, wanted(OF_BOB, T + i, T + i))).isPresent();
            }
            engine.write(acme, BOB, T + 1_000, 1);
            assertThatThrownBy(() -> requests.create(acme, wanted(OF_BOB, Long.MIN_VALUE, Long.MAX_VALUE)))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.UNPROCESSABLE));
        }
    }
}
