package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.RollUp;
import io.auspex.series.RollUpPacks;
import io.auspex.series.SampleColumn;
import io.auspex.series.StaleMarker;
import io.auspex.series.Tier;
import io.auspex.support.Seeded;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class RollUpsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final LocalDate YESTERDAY =
            LocalDate.ofInstant(NOON, ZoneOffset.UTC).minusDays(1);
    private static final long DAY = RollUps.millis(YESTERDAY);
    private static final Labels API = Labels.of("__name__", "requests_total", "job", "api");

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId globex = database.tenant("globex");
    private final RollUps rollUps = new RollUps(database.jdbc, new TierStore(database.jdbc));

    @Test
    void roll_makesOnePackOfTheDay_andGivesBackTheSpace() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            for (int flush = 0; flush < 3; flush++) {
                engine.write(acme, API, DAY + 1_000 + flush, flush);
                engine.write(globex, API, DAY + 1_000 + flush, 10 + flush);
                engine.flush();
            }
            Map<Labels, Map<Long, Object>> before = engine.read(acme, "requests_total");

            assertThat(rollUps.roll(acme, YESTERDAY, rollUps.due(acme, YESTERDAY)))
                    .isEqualTo(new RollUps.Outcome(1, 3, 3));

            assertThat(rollUps.due(acme, YESTERDAY)).isEmpty();
            assertThat(rollUps.due(globex, YESTERDAY)).hasSize(1);
            assertThat(rollUps.settle(YESTERDAY)).isFalse();
            rollUps.roll(globex, YESTERDAY, rollUps.due(globex, YESTERDAY));
            assertThat(rollUps.settle(YESTERDAY)).isTrue();
            assertThat(rollUps.settle(YESTERDAY)).isFalse();
            assertThat(engine.read(acme, "requests_total")).isEqualTo(before);
            assertThat(database.query(acme, "select level || ' ' || samples from auspex.perf_metrics"))
                    .containsExactly("1 3");
        }
    }

    @Test
    void rollUps_areSeenByTheirTenantOnly() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, DAY + 1_000, 1);
            engine.write(globex, API, DAY + 1_000, 2);
            engine.flush();
            rollUps.roll(acme, YESTERDAY, rollUps.due(acme, YESTERDAY));
            assertThat(rollUps.withoutMinutes(globex, YESTERDAY)).isEmpty();
            rollUps.rollMinutes(acme, YESTERDAY, rollUps.withoutMinutes(acme, YESTERDAY));

            for (Tier tier : TierStore.TIERS) {
                assertThat(database.query(acme, "select tenant_id from " + TierStore.table(tier)))
                        .containsExactly(acme.toString());
                assertThat(database.query(globex, "select tenant_id from " + TierStore.table(tier)))
                        .isEmpty();
                assertThat(database.query("select tenant_id from " + TierStore.table(tier)))
                        .isEmpty();
            }
        }
    }

    @Test
    void midnight_belongsToTheDayThatItEnds() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, DAY, 1);
            engine.write(acme, API, DAY + PackStore.DAY_MILLIS, 2);
            engine.flush();

            rollAll();

            assertThat(rolled(Tier.DAY, YESTERDAY).last(0)).isEqualTo(2);
            assertThat(rolled(Tier.DAY, YESTERDAY.minusDays(1)).last(0)).isEqualTo(1);
            assertThat(engine.read(acme, "requests_total", DAY, DAY).get(API)).hasSize(1);
            assertThat(engine.read(acme, "requests_total", DAY + 1, DAY + PackStore.DAY_MILLIS)
                            .get(API))
                    .hasSize(1);
        }
    }

    @Test
    void histograms_stayRaw_andTheirSegmentSaysSo() {
        try (TestEngine engine = TestEngine.start(database, NOON)) {
            engine.write(acme, API, DAY + 1_000, 1);
            engine.write(
                    acme,
                    API,
                    DAY + 2_000,
                    new NativeHistogram(
                            3,
                            1,
                            5,
                            0.001,
                            0,
                            0,
                            new double[] {1},
                            0,
                            new double[0],
                            new double[0],
                            NativeHistogram.ResetHint.UNKNOWN));
            engine.flush();
            rollAll();

            assertThat(rolled(Tier.MINUTE, YESTERDAY).count(0)).isEqualTo(1);
            assertThat(database.query(acme, "select histograms from auspex.perf_metrics_1m"))
                    .containsExactly("t");
            assertThat(engine.read(acme, "requests_total").get(API)).hasSize(2);
        }
    }

    /** Whenever days are rolled up, however late samples come: in the end every tier is what raw samples add up to. */
    @Test
    void tiers_equalTheirRawSamples_whateverCameLate() {
        Seeded.forAll(8, random -> {
            TenantId tenant = database.tenant("t" + random.nextInt(1 << 30));
            TreeMap<Long, Double> expected = new TreeMap<>();
            try (TestEngine engine = TestEngine.start(database, NOON)) {
                for (int round = 0; round < 4; round++) {
                    for (int i = 0; i < 40; i++) {
                        long time = DAY - 3_600_000 + random.nextLong(PackStore.DAY_MILLIS + 7_200_000);
                        time -= random.nextBoolean() ? time % 60_000 : 0;
                        double value = value(random);
                        expected.putIfAbsent(time, value);
                        engine.write(tenant, API, time, value);
                    }
                    engine.flush();
                    if (random.nextBoolean()) {
                        rollAll(tenant);
                    }
                }
                rollAll(tenant);
            }
            RollUp direct = new RollUp();
            for (int back = -1; back <= 1; back++) {
                LocalDate day = YESTERDAY.minusDays(back);
                SampleColumn samples = new SampleColumn();
                expected.subMap(RollUps.millis(day), false, RollUps.millis(day) + PackStore.DAY_MILLIS, true)
                        .forEach(samples::append);
                for (Tier tier : TierStore.TIERS) {
                    direct.aggregate(samples, tier.bucketMillis());
                    assertThat(text(rolled(tenant, tier, day))).isEqualTo(text(direct));
                }
            }
        });
    }

    private static double value(RandomGenerator random) {
        return switch (random.nextInt(12)) {
            case 0 -> StaleMarker.VALUE;
            case 1 -> Double.NaN;
            case 2 -> random.nextDouble();
            default -> random.nextInt(1_000);
        };
    }

    private void rollAll() {
        rollAll(acme);
    }

    private void rollAll(TenantId tenant) {
        for (int back = -1; back <= 1; back++) {
            LocalDate day = YESTERDAY.minusDays(back);
            rollUps.roll(tenant, day, rollUps.due(tenant, day));
            rollUps.rollMinutes(tenant, day, rollUps.withoutMinutes(tenant, day));
            assertThat(rollUps.withoutMinutes(tenant, day)).isEmpty();
        }
    }

    private RollUp rolled(Tier tier, LocalDate day) {
        return rolled(acme, tier, day);
    }

    /** The roll-up of the tenant's only series. */
    private RollUp rolled(TenantId tenant, Tier tier, LocalDate day) {
        RollUp rollUp = new RollUp();
        List<byte[]> packs = database.jdbc.call(tenant, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select data from " + TierStore.table(tier) + " where t_start = " + RollUps.millis(day))) {
                List<byte[]> data = new ArrayList<>();
                while (row.next()) {
                    data.add(row.getBytes(1));
                }
                return data;
            }
        });
        if (!packs.isEmpty()) {
            assertThat(packs).hasSize(1);
            PackDirectory directory = PackDirectory.parse(packs.get(0));
            long series = Long.parseLong(database.query(tenant, "select series_id from auspex.series")
                    .get(0));
            try (PackReader reader = new PackReader()) {
                reader.frame(directory, 0, packs.get(0), directory.frameOffset(0));
                RollUpPacks.read(reader, directory, series, rollUp);
            }
        }
        return rollUp;
    }

    private static String text(RollUp rollUp) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rollUp.size(); i++) {
            text.append(rollUp.start(i) + " " + rollUp.last(i) + " " + rollUp.min(i) + " " + rollUp.max(i) + " "
                    + rollUp.sum(i) + " " + rollUp.count(i) + " " + rollUp.increase(i) + "\n");
        }
        for (int i = 0; i < rollUp.staleCount(); i++) {
            text.append("stale " + rollUp.stale(i) + "\n");
        }
        return text.toString();
    }
}
