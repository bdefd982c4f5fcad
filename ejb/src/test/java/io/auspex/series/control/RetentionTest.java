package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.series.Labels;
import io.auspex.series.RetentionPolicy;
import io.auspex.series.Tier;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RetentionTest {
    /** The database's own clock decides what may be dropped, so this one has to agree with it. */
    private static final Instant NOW = Instant.now();

    private static final LocalDate TODAY = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
    private static final Labels API = Labels.of("__name__", "requests_total", "job", "api");
    private static final Labels DEBUG = Labels.of("__name__", "debug_calls", "job", "api");

    private final TestDatabase database = new TestDatabase(TestPostgres.shared());
    private final TenantId acme = database.tenant("acme");
    private final TenantId globex = database.tenant("globex");
    private final RetentionPolicies policies = policies();
    private final RollUps rollUps = new RollUps(database.jdbc, new TierStore(database.jdbc));
    private final Retention retention = new Retention(database.jdbc, policies, rollUps);

    private RetentionPolicies policies() {
        RetentionPolicies made = new RetentionPolicies();
        made.jdbc = database.jdbc;
        made.rawDays = 15;
        return made;
    }

    @Test
    void end_removesExactlyWhatIsDue_perTenant() {
        policies.save(globex, policy(all(30)));
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            for (TenantId tenant : List.of(acme, globex)) {
                for (int days : new int[] {0, 1, 15, 16, 30, 31}) {
                    engine.write(tenant, API, daysAgo(days), days);
                }
            }
            engine.flush();

            assertThat(rolledDays(acme)).isEmpty();
            Retention.Outcome ofAcme = retention.end(acme, Tier.RAW, TODAY);
            Retention.Outcome ofGlobex = retention.end(globex, Tier.RAW, TODAY);

            assertThat(ofAcme).isEqualTo(new Retention.Outcome(1, 2, 0, 0));
            assertThat(ofGlobex).isEqualTo(Retention.Outcome.NONE);
            assertThat(rolledDays(acme)).containsExactly("31", "30", "16");
            assertThat(days(engine, acme, API)).isEqualTo(Set.of(0, 1, 15));
            assertThat(days(engine, globex, API)).isEqualTo(Set.of(0, 1, 15, 16, 30));
            assertThat(retention.end(acme, Tier.RAW, TODAY)).isEqualTo(Retention.Outcome.NONE);
        }
    }

    @Test
    void end_takesSeriesOfAClassOutOfThePacksThatTheyShare() {
        policies.save(
                acme,
                new RetentionPolicy(
                        List.of(
                                new RetentionPolicy.MetricClass("debug", "debug_.*", all(2)),
                                new RetentionPolicy.MetricClass("default", ".*", all(10))),
                        0));
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            for (int days : new int[] {1, 2, 3, 9}) {
                engine.write(acme, API, daysAgo(days), days);
                engine.write(acme, DEBUG, daysAgo(days), days);
                engine.write(globex, DEBUG, daysAgo(days), days);
            }
            engine.flush();
            for (int days = 1; days < 10; days++) {
                rollUps.roll(acme, TODAY.minusDays(days), rollUps.due(acme, TODAY.minusDays(days)));
            }

            for (Tier tier : Tier.values()) { // the first one writes the roll-ups over minutes of what it ends
                assertThat(retention.end(acme, tier, TODAY)).isEqualTo(new Retention.Outcome(0, 0, 2, 0));
                assertThat(retention.end(acme, tier, TODAY)).isEqualTo(Retention.Outcome.NONE);
            }

            assertThat(days(engine, acme, API)).isEqualTo(Set.of(1, 2, 3, 9));
            assertThat(days(engine, acme, DEBUG)).isEqualTo(Set.of(1, 2));
            assertThat(days(engine, globex, DEBUG)).isEqualTo(Set.of(1, 2, 3, 9));

            // too late for what has ended, in time for the rest
            engine.write(acme, DEBUG, daysAgo(3) + 1, 77);
            engine.write(acme, API, daysAgo(3) + 1, 77);
            engine.flush();
            rollUps.roll(acme, TODAY.minusDays(3), rollUps.due(acme, TODAY.minusDays(3)));
            retention.end(acme, Tier.RAW, TODAY);
            assertThat(days(engine, acme, DEBUG)).isEqualTo(Set.of(1, 2));
            assertThat(engine.read(acme, "requests_total").get(API)).hasSize(5);
        }
    }

    /** Samples of a time whose raw tier has ended must not replace the roll-ups of all that were there. */
    @Test
    void roll_leavesRollUpsAlone_whenTheirSamplesHaveEnded() {
        try (TestEngine engine = TestEngine.start(database, NOW)) {
            LocalDate day = TODAY.minusDays(20);
            engine.write(acme, API, daysAgo(20), 1);
            engine.flush();
            rollUps.roll(acme, day, rollUps.due(acme, day));
            List<String> before = database.query(acme, "select data::text from auspex.perf_metrics_1d");
            retention.end(acme, Tier.RAW, TODAY);
            engine.write(acme, API, daysAgo(20) + 1, 2);
            engine.flush();

            rollUps.roll(acme, day, rollUps.due(acme, day));

            assertThat(database.query(acme, "select data::text from auspex.perf_metrics_1d"))
                    .isEqualTo(before)
                    .hasSize(1);
            assertThat(database.query(acme, "select count(*) from auspex.perf_metrics"))
                    .containsExactly("0");
        }
    }

    @Test
    void save_refusesAPolicyThatWasChangedMeanwhile() {
        RetentionPolicy first = policies.save(acme, policy(all(30))).orElseThrow();

        assertThat(first.version()).isEqualTo(1);
        assertThat(policies.save(acme, policy(all(5)))).isEmpty();
        assertThat(policies.save(acme, new RetentionPolicy(policy(all(5)).classes(), 1)))
                .hasValueSatisfying(saved -> assertThat(saved.longest(Tier.RAW)).isEqualTo(5));
        assertThat(policies.of(acme).version()).isEqualTo(2);
        assertThat(policies.of(globex)).isEqualTo(RetentionPolicy.defaults(15));
    }

    @Test
    void policy_namesWhatIsWrongWithIt() {
        assertThatThrownBy(() -> policy(all(0))).hasMessageContaining("must be 1 to 3650, got 0");
        assertThatThrownBy(() -> new RetentionPolicy(List.of(new RetentionPolicy.MetricClass("x", ".*", all(1))), 0))
                .hasMessageContaining("the last class");
        assertThatThrownBy(() -> new RetentionPolicy(
                        List.of(
                                new RetentionPolicy.MetricClass("x", "(", all(1)),
                                new RetentionPolicy.MetricClass("default", ".*", all(1))),
                        0))
                .isInstanceOf(AuspexException.class)
                .hasMessageContaining("class x");
        assertThatThrownBy(() -> new RetentionPolicy(List.of(), 0)).hasMessageContaining("1 to 16 classes");
    }

    /** How many days ago those days were of which there are roll-ups over minutes. */
    private List<String> rolledDays(TenantId tenant) {
        return database.query(
                tenant,
                "select " + TODAY.toEpochDay() + " - t_start / 86400000 from auspex.perf_metrics_1m order by t_start");
    }

    private static RetentionPolicy policy(Map<Tier, Integer> days) {
        return new RetentionPolicy(List.of(new RetentionPolicy.MetricClass("default", ".*", days)), 0);
    }

    private static Map<Tier, Integer> all(int days) {
        Map<Tier, Integer> all = new EnumMap<>(Tier.class);
        for (Tier tier : Tier.values()) {
            all.put(tier, days);
        }
        return all;
    }

    private static long daysAgo(int days) {
        return NOW.minus(Duration.ofDays(days)).toEpochMilli();
    }

    /** How many days ago there are raw samples: roll-ups are at whole minutes. */
    private static Set<Integer> days(TestEngine engine, TenantId tenant, Labels labels) {
        return new ArrayList<>(engine.read(tenant, labels.metric())
                        .getOrDefault(labels, Map.of())
                        .keySet())
                .stream()
                        .filter(time -> (NOW.toEpochMilli() - time) % 86_400_000L == 0)
                        .map(time -> (int) ((NOW.toEpochMilli() - time) / 86_400_000L))
                        .collect(Collectors.toSet());
    }
}
