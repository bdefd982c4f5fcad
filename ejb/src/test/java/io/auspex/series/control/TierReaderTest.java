package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.promql.Engine;
import io.auspex.promql.QueryOptions;
import io.auspex.promql.Result;
import io.auspex.promql.SeriesColumn;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.RetentionPolicy;
import io.auspex.series.StaleMarker;
import io.auspex.series.Tier;
import io.auspex.support.Seeded;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What queries say of the past after its samples have ended, beside what they said before. */
@Timeout(180)
class TierReaderTest {
    private static final Instant NOW = Instant.now();
    private static final LocalDate TODAY = LocalDate.ofInstant(NOW, ZoneOffset.UTC);

    /** Midnight five days ago. */
    private static final long PAST = RollUps.millis(TODAY.minusDays(5));

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final RetentionPolicies policies = new RetentionPolicies();

    TierReaderTest() {
        policies.jdbc = database.jdbc;
        policies.rawDays = 15;
    }

    /** Ranges that consist of whole buckets: the same answers, bit by bit. */
    @Test
    void answers_areExact_whereRangesAreWholeBuckets() {
        Seeded.forAll(4, random -> {
            TenantId tenant = database.tenant("exact" + random.nextInt(1 << 30));
            try (TestEngine engine = TestEngine.start(database, NOW)) {
                write(engine, tenant, random);
                List<Ask> asks = new ArrayList<>();
                for (String function : List.of("min", "max", "count", "last", "present")) {
                    asks.add(new Ask(function + "_over_time(m[1h])", HOUR, HOUR));
                    asks.add(new Ask(function + "_over_time(m[20m])", 5 * MINUTE, 5 * MINUTE));
                    asks.add(new Ask(function + "_over_time(m[1d])", DAY, DAY));
                    asks.add(new Ask(function + "_over_time(m[3m])", MINUTE, MINUTE));
                }
                asks.add(new Ask("m", HOUR, HOUR));
                asks.add(new Ask("m", 5 * MINUTE, 5 * MINUTE));
                asks.add(new Ask("sum(m)", 5 * MINUTE, 5 * MINUTE));
                Map<Ask, String> before = new TreeMap<>();
                asks.forEach(ask -> before.put(ask, text(ask(engine, tenant, ask))));

                endRaw(engine, tenant);

                for (Ask ask : asks) {
                    Result result = ask(engine, tenant, ask);
                    assertThat(text(result)).as(ask.query()).isEqualTo(before.get(ask));
                    assertThat(result.statistics().read().tiers())
                            .as(ask.query())
                            .containsExactly(ask.coarsest());
                }
            }
        });
    }

    @Test
    void sumsAndAverages_areTheSame_butForRounding() {
        TenantId tenant = database.tenant("sums");
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            for (int i = 1; i <= 4 * 60; i++) {
                engine.write(tenant, Labels.of("__name__", "m"), PAST + i * 15_000L, i % 7 * 0.1);
            }
            engine.flush();
            Ask sum = new Ask("sum_over_time(m[1h])", HOUR, HOUR);
            Ask average = new Ask("avg_over_time(m[1h])", HOUR, HOUR);
            double sumBefore = value(ask(engine, tenant, sum));
            double averageBefore = value(ask(engine, tenant, average));

            endRaw(engine, tenant);

            assertThat(value(ask(engine, tenant, sum))).isCloseTo(sumBefore, offset(1e-9));
            assertThat(value(ask(engine, tenant, average))).isCloseTo(averageBefore, offset(1e-12));
            assertThat(ask(engine, tenant, average).statistics().read().tiers()).containsExactly(Tier.HOUR);
        }
    }

    /** A steady counter that begins anew in the middle of a bucket and at midnight counts on. */
    @Test
    void increase_goesThroughResets_inBucketsAndOverDays() {
        TenantId tenant = database.tenant("counter");
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            double counter = 0;
            for (int i = 1; i <= 8 * 60; i++) {
                long time = PAST + 23 * HOUR + i * 15_000L;
                counter = i == 101 || i == 241 ? 3 : counter + 3;
                engine.write(tenant, Labels.of("__name__", "m"), time, counter);
            }
            engine.flush();
            Ask increase = new Ask("increase(m[30m])", 30 * MINUTE, PAST + DAY, PAST + DAY + HOUR);
            Ask rate = new Ask("rate(m[30m])", 30 * MINUTE, PAST + DAY, PAST + DAY + HOUR);
            List<Double> before = values(ask(engine, tenant, increase));
            List<Double> rateBefore = values(ask(engine, tenant, rate));
            assertThat(before).hasSize(3).allSatisfy(value -> assertThat(value).isCloseTo(360, offset(1e-6)));

            endRaw(engine, tenant);

            Result after = ask(engine, tenant, increase);
            assertThat(after.statistics().read().tiers()).containsExactly(Tier.FIVE_MINUTES);
            for (int i = 0; i < 3; i++) {
                assertThat(values(after).get(i)).isCloseTo(before.get(i), offset(1.0));
                assertThat(values(ask(engine, tenant, rate)).get(i)).isCloseTo(rateBefore.get(i), offset(0.001));
            }
        }
    }

    @Test
    void rangeOverTheEndOfRaw_hasBoth_withoutGap() {
        TenantId tenant = database.tenant("both");
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            for (long time = PAST + 15_000; time < RollUps.millis(TODAY); time += HOUR / 4) {
                engine.write(tenant, Labels.of("__name__", "m"), time, 1);
            }
            engine.flush();
            Ask count = new Ask("count_over_time(m[1h])", HOUR, PAST + HOUR, RollUps.millis(TODAY));
            String before = text(ask(engine, tenant, count));

            endRaw(engine, tenant);

            Result after = ask(engine, tenant, count);
            assertThat(text(after)).isEqualTo(before);
            assertThat(after.statistics().read().tiers()).isEqualTo(Set.of(Tier.RAW, Tier.HOUR));
            assertThat(engine.read(tenant, "m", RollUps.millis(TODAY.minusDays(2)) + 1, Long.MAX_VALUE)
                            .values())
                    .first()
                    .satisfies(samples -> assertThat(samples).hasSize(192));
        }
    }

    @Test
    void rollUps_areReadByTheirTenantOnly_andTellWhichSeriesThereWere() {
        TenantId acme = database.tenant("acme");
        TenantId globex = database.tenant("globex");
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            engine.write(acme, Labels.of("__name__", "m", "of", "acme"), PAST + MINUTE, 1);
            engine.write(globex, Labels.of("__name__", "m", "of", "globex"), PAST + MINUTE, 2);
            engine.flush();
            endRaw(engine, acme);
            endRaw(engine, globex);
            Ask max = new Ask("max_over_time(m[1h])", HOUR, HOUR);

            assertThat(values(ask(engine, acme, max))).containsExactly(1.0);
            assertThat(values(ask(engine, globex, max))).containsExactly(2.0);
            assertThat(engine.engine
                            .store()
                            .reader(acme)
                            .series(List.of(Matcher.equal("__name__", "m")), PAST, PAST + HOUR))
                    .containsExactly(Labels.of("__name__", "m", "of", "acme"));
            assertThat(engine.engine
                            .store()
                            .reader(acme)
                            .series(List.of(Matcher.equal("__name__", "m")), PAST + DAY + 1, PAST + 2 * DAY))
                    .isEmpty();
        }
    }

    @Test
    void coarserTier_answers_whereTheSufficientOneHasEnded() {
        TenantId tenant = database.tenant("coarse");
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            for (int i = 1; i <= 4 * 60; i++) {
                engine.write(tenant, Labels.of("__name__", "m"), PAST + i * 15_000L, i);
            }
            engine.flush();
            endRaw(engine, tenant);
            for (Tier ended : List.of(Tier.MINUTE, Tier.FIVE_MINUTES)) {
                new Retention(database.jdbc, policies, engine.engine.rollUps()).end(tenant, ended, TODAY);
            }

            // the look-back is as wide as the bucket then
            Result result = ask(engine, tenant, new Ask("m", MINUTE, PAST + HOUR, PAST + 2 * HOUR + MINUTE));

            assertThat(values(result)).hasSize(60).containsOnly(240.0);
            assertThat(result.statistics().read().tiers()).containsExactly(Tier.HOUR);
        }
    }

    private record Ask(String query, long step, long start, long end) implements Comparable<Ask> {
        Ask(String query, long step, long start) {
            this(query, step, PAST + start, PAST + 2 * DAY);
        }

        /** Of the tiers of which each range and step is a multiple; no coarser than the look-back for an instant. */
        Tier coarsest() {
            return query.equals("m")
                    ? Tier.FIVE_MINUTES
                    : TierStore.TIERS.stream()
                            .filter(tier -> step % tier.bucketMillis() == 0)
                            .reduce((finer, coarser) -> coarser)
                            .orElseThrow();
        }

        @Override
        public int compareTo(Ask other) {
            return toString().compareTo(other.toString());
        }
    }

    private static Result ask(TestEngine engine, TenantId tenant, Ask ask) {
        return new Engine()
                .range(
                        ask.query(),
                        engine.engine.store().reader(tenant),
                        ask.start(),
                        ask.end(),
                        ask.step(),
                        QueryOptions.STANDARD);
    }

    private static String text(Result result) {
        StringBuilder text = new StringBuilder();
        for (SeriesColumn column : result.series()) {
            text.append(column.labels()).append('\n');
            for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                text.append(column.time(slot) - PAST)
                        .append(' ')
                        .append(Long.toHexString(Double.doubleToRawLongBits(column.value(slot))))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static List<Double> values(Result result) {
        List<Double> values = new ArrayList<>();
        for (SeriesColumn column : result.series()) {
            for (int slot = column.next(0); slot >= 0; slot = column.next(slot + 1)) {
                values.add(column.value(slot));
            }
        }
        return values;
    }

    private static double value(Result result) {
        assertThat(values(result)).hasSize(1);
        return values(result).get(0);
    }

    private static org.assertj.core.data.Offset<Double> offset(double most) {
        return org.assertj.core.data.Offset.offset(most);
    }

    /** Some series over two days, with gaps, stale markers, NaN and samples on bounds. */
    private static void write(TestEngine engine, TenantId tenant, RandomGenerator random) {
        List<Labels> labels = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int series = 0; series < 3; series++) {
            long time = PAST;
            while (time < PAST + 2 * DAY) {
                time += switch (random.nextInt(6)) {
                    case 0 -> random.nextLong(3 * HOUR);
                    case 1 -> 5 * MINUTE - time % (5 * MINUTE);
                    default -> 15_000 * (1 + random.nextInt(40));
                };
                labels.add(Labels.of("__name__", "m", "i", Integer.toString(series)));
                times.add(time);
                values.add(
                        switch (random.nextInt(10)) {
                            case 0 -> StaleMarker.VALUE;
                            case 1 -> Double.NaN;
                            default -> random.nextInt(50) - 20.0;
                        });
            }
        }
        for (int from = 0; from < labels.size(); from += 100) {
            int to = Math.min(labels.size(), from + 100);
            engine.write(tenant, labels.subList(from, to), times.subList(from, to), values.subList(from, to));
        }
        engine.flush();
    }

    /** Everything up to the day before yesterday becomes roll-ups; all but raw and 1 m are kept. */
    private void endRaw(TestEngine engine, TenantId tenant) {
        RollUps rollUps = engine.engine.rollUps();
        Map<Tier, Integer> days = new EnumMap<>(Tier.class);
        days.put(Tier.RAW, 2);
        days.put(Tier.MINUTE, 2);
        days.put(Tier.FIVE_MINUTES, 2);
        policies.save(tenant, new RetentionPolicy(List.of(new RetentionPolicy.MetricClass("default", ".*", days)), 0));
        for (int back = 1; back < 8; back++) {
            LocalDate day = TODAY.minusDays(back);
            rollUps.roll(tenant, day, rollUps.due(tenant, day));
        }
        assertThat(new Retention(database.jdbc, policies, rollUps)
                        .end(tenant, Tier.RAW, TODAY)
                        .left())
                .isZero();
    }
}
