package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.ingest.Account;
import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.Reason;
import io.auspex.ingest.SeriesGrowth;
import io.auspex.ingest.SeriesRewrites;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.ErasedSeries;
import io.auspex.series.Labels;
import io.auspex.support.TestTenants;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is kept about each tenant's ingest, held against a second tenant. */
final class IngestStoresTest {
    private final TestTenants tenants = new TestTenants();

    private RejectLedger ledger() {
        RejectLedger ledger = new RejectLedger();
        ledger.jdbc = tenants.jdbc;
        ledger.clock = Clock.systemUTC();
        return ledger;
    }

    private static Account refused(Reason reason, int samples, String series) {
        Account account = new Account();
        for (int i = 0; i < samples; i++) {
            account.reject(reason, series, "detail");
        }
        return account;
    }

    @Test
    void rejects_addUp_overNodesAndRestarts_forTheirTenantOnly() {
        RejectLedger first = ledger();
        RejectLedger second = ledger();
        first.add(tenants.acme, "otlp", refused(Reason.TOO_OLD, 3, "{a\0}"));
        first.add(tenants.acme, "otlp", refused(Reason.TOO_OLD, 4, "{b}"));
        first.add(tenants.globex, "otlp", refused(Reason.SERIES_LIMIT, 1, "{theirs}"));
        first.writeAll();
        second.add(tenants.acme, "otlp", refused(Reason.TOO_OLD, 5, "{c}"));
        second.add(tenants.acme, "influx", refused(Reason.LINE_INVALID, 1, ""));

        List<RejectLedger.Rejected> found = second.list(tenants.acme);

        assertThat(found).extracting(RejectLedger.Rejected::protocol).containsExactlyInAnyOrder("otlp", "influx");
        assertThat(found)
                .filteredOn(row -> row.protocol().equals("otlp"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.samples()).isEqualTo(12);
                    assertThat(row.reason()).isEqualTo("too_old");
                    assertThat(row.series()).isEqualTo("{c}");
                });
        assertThat(first.list(tenants.globex))
                .extracting(RejectLedger.Rejected::series)
                .containsExactly("{theirs}");
    }

    @Test
    void erasure_takesTheExamples_andLeavesTheFigures() {
        Labels bob = Labels.of("__name__", "clicks", "user", "bob");
        RejectLedger ledger = ledger();
        ledger.add(tenants.acme, "otlp", refused(Reason.TOO_OLD, 3, bob.toString()));
        ledger.add(tenants.globex, "otlp", refused(Reason.TOO_OLD, 3, bob.toString()));
        ledger.writeAll();
        IngestErasure erasure = new IngestErasure();
        erasure.jdbc = tenants.jdbc;

        erasure.erase(new ErasedSeries(tenants.acme, List.of(bob), Set.of("bob")));

        assertThat(ledger.list(tenants.acme)).singleElement().satisfies(row -> {
            assertThat(row.series()).isEmpty();
            assertThat(row.samples()).isEqualTo(3);
        });
        assertThat(ledger.list(tenants.globex))
                .extracting(RejectLedger.Rejected::series)
                .containsExactly(bob.toString());
    }

    @Test
    void rules_areRememberedWhileTheyAreTheSame_andHoldForTheirTenantOnly() {
        IngestConfigStore store = configs();
        String rules = "[{action: labeldrop, regex: pod}]";
        store.save(tenants.acme, new IngestConfig(0, 0, 0, Set.of(), Set.of("db"), rules, "", 0));

        SeriesRewrites first = store.rewrites(tenants.acme);

        assertThat(first).isNotNull();
        assertThat(store.rewrites(tenants.globex)).isNull();
        store.save(tenants.acme, new IngestConfig(5, 0, 0, Set.of(), Set.of("db"), rules, "", 1));
        assertThat(store.rewrites(tenants.acme)).isSameAs(first);
        store.save(tenants.acme, new IngestConfig(5, 0, 0, Set.of(), Set.of("db"), rules + "\n", "", 2));
        assertThat(store.rewrites(tenants.acme)).isNotNull().isNotSameAs(first);
        store.save(tenants.acme, new IngestConfig(5, 0, 0, Set.of(), Set.of(), "", "", 3));
        assertThat(store.rewrites(tenants.acme)).isNull();
        assertThat(store.effective(tenants.acme).influxPromote())
                .as("the node's")
                .containsExactly("db");
    }

    @Test
    void config_isTheTenantsOwn_andLostToNobody() {
        IngestConfigStore store = configs();
        IngestConfig wanted = new IngestConfig(7, 5, 3, Set.of("host.name"), Set.of(), "", "", 0);

        Optional<IngestConfig> saved = store.save(tenants.acme, wanted);

        assertThat(saved).hasValue(new IngestConfig(7, 5, 3, Set.of("host.name"), Set.of(), "", "", 1));
        assertThat(store.effective(tenants.acme).activeSeries()).isEqualTo(7);
        assertThat(store.effective(tenants.globex).activeSeries()).isZero();
        assertThat(store.save(tenants.acme, wanted)).as("made by somebody else").isEmpty();
        assertThat(store.save(tenants.acme, new IngestConfig(9, 0, 0, Set.of(), Set.of(), "", "", 1)))
                .hasValue(new IngestConfig(9, 0, 0, Set.of(), Set.of(), "", "", 2));
        assertThat(store.save(tenants.acme, new IngestConfig(9, 0, 0, Set.of(), Set.of(), "", "", 1)))
                .isEmpty();
        assertThat(store.find(tenants.globex)).isEqualTo(IngestConfig.NONE);
    }

    @Test
    void config_isNeverLaxerThanTheNodes() {
        IngestSettings node = new IngestSettings();
        node.otlpPromote = Optional.of("a, b,");
        node.influxPromote = Optional.of("db");
        node.samplesPerSecond = 100;

        IngestConfig mixed = node.effective(new IngestConfig(1, 50, 1_000, Set.of(), Set.of(), "", "", 4));

        assertThat(mixed).isEqualTo(new IngestConfig(1, 50, 100, Set.of("a", "b"), Set.of("db"), "", "", 4));
        assertThat(node.effective(new IngestConfig(0, 0, 10, Set.of("c"), Set.of(), "", "", 0)))
                .isEqualTo(new IngestConfig(0, 0, 10, Set.of("c"), Set.of("db"), "", "", 0));
    }

    private IngestConfigStore configs() {
        IngestConfigStore store = new IngestConfigStore();
        store.jdbc = tenants.jdbc;
        store.settings = new IngestSettings();
        store.settings.influxPromote = Optional.of("db");
        store.settings.otlpPromote = Optional.empty();
        return store;
    }

    @Test
    void growth_namesTheMetricAndLabelToBlame_toItsTenantOnly() {
        CardinalityWatch watch = new CardinalityWatch();
        watch.clock = Clock.systemUTC();
        for (int i = 0; i < 3_000; i++) {
            watch.note(tenants.acme, Labels.of("__name__", "m" + i % 200, "x", "1"), true);
            watch.note(tenants.acme, Labels.of("__name__", "loud", "user", "u" + i, "zone", "z" + i % 3), i < 100);
        }

        SeriesGrowth growth = watch.growth(tenants.acme, 5);

        assertThat(growth.open()).isTrue();
        assertThat(growth.refused()).isEqualTo(2_900);
        assertThat(growth.created()).isEqualTo(3_100);
        SeriesGrowth.Metric first = growth.metrics().get(0);
        assertThat(first.metric()).isEqualTo("loud");
        assertThat(first.refused()).isEqualTo(2_900);
        assertThat(first.labels().get(0).label()).isEqualTo("user");
        assertThat(first.labels().get(0).values()).isBetween(2_400L, 3_600L);
        assertThat(first.labels().get(1).values()).isEqualTo(3);
        assertThat(watch.growth(tenants.globex, 5).metrics()).isEmpty();

        CardinalityHistory history = new CardinalityHistory();
        history.watch = watch;
        history.jdbc = tenants.jdbc;
        history.clock = Clock.systemUTC();
        history.keep(tenants.acme);
        history.keep(tenants.acme);
        assertThat(history.list(tenants.acme, Instant.EPOCH, 3))
                .hasSize(3)
                .first()
                .satisfies(past -> {
                    assertThat(past.metric()).isEqualTo("loud");
                    assertThat(past.label()).isEqualTo("user");
                    assertThat(past.refused()).isEqualTo(2_900);
                });
        assertThat(history.list(tenants.globex, Instant.EPOCH, 3)).isEmpty();
    }

    @Test
    void quota_letsBurstsIn_andOthersAlone() {
        SampleQuota quota = new SampleQuota();
        TenantId acme = new TenantId(1);
        quota.admit(acme, 10);
        quota.charge(acme, 60);
        quota.admit(acme, 10);
        quota.charge(acme, 60); // on another node, perhaps

        assertThatThrownBy(() -> quota.admit(acme, 10))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.QUOTA_EXCEEDED));
        quota.admit(new TenantId(2), 10);
        quota.admit(acme, 0);
        quota.charge(acme, 10_000);
        quota.admit(acme, 10); // there was none meanwhile
        quota.charge(acme, 10_000);
        quota.admit(acme, 20); // a new limit begins anew
    }

    @Test
    void erase_takesOutExamplesThatWereCutShort_ofItsTenantOnly() {
        String value = "mallory".repeat(300);
        Labels series = Labels.of("__name__", "m", "user", value);
        RejectLedger ledger = ledger();
        CardinalityWatch watch = new CardinalityWatch();
        watch.clock = Clock.systemUTC();
        CardinalityHistory history = new CardinalityHistory();
        history.watch = watch;
        history.jdbc = tenants.jdbc;
        history.clock = Clock.systemUTC();
        for (TenantId tenant : List.of(tenants.acme, tenants.globex)) {
            ledger.add(tenant, "otlp", refused(Reason.TOO_OLD, 1, series.toString()));
            watch.note(tenant, series, true);
            history.keep(tenant);
        }
        ledger.writeAll();
        IngestErasure erasure = new IngestErasure();
        erasure.jdbc = tenants.jdbc;

        erasure.erase(new ErasedSeries(tenants.acme, List.of(series), Set.of(value)));

        assertThat(ledger.list(tenants.acme).toString()).doesNotContain("mallory");
        assertThat(history.list(tenants.acme, Instant.EPOCH, 5).toString()).doesNotContain("mallory");
        assertThat(ledger.list(tenants.globex).toString()).contains("mallory");
        assertThat(history.list(tenants.globex, Instant.EPOCH, 5).toString()).contains("mallory");
    }
}
