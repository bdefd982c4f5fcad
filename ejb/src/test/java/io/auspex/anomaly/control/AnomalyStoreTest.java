package io.auspex.anomaly.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.anomaly.Anomaly;
import io.auspex.anomaly.EventTracker;
import io.auspex.anomaly.Score;
import io.auspex.anomaly.Season;
import io.auspex.insight.Insight;
import io.auspex.insight.control.InsightAccess;
import io.auspex.platform.PageRequest;
import io.auspex.series.ErasedSeries;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.support.TestTenants;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AnomalyStoreTest {
    private static final Labels CPU = Labels.of("__name__", "cpu", "host", "a");
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final TestTenants tenants = new TestTenants();
    private final InsightAccess insights = new InsightAccess(tenants.jdbc);
    private final AnomalyStore store = new AnomalyStore();

    AnomalyStoreTest() {
        store.jdbc = tenants.jdbc;
        store.insights = insights.stream();
        store.clock = Clock.fixed(NOON, ZoneOffset.UTC);
    }

    private static AnomalyStore.Subject subject(TenantId tenant) {
        return new AnomalyStore.Subject(tenant, CPU, 0, 5);
    }

    private static EventTracker.Event event(int endSecond, double score) {
        long start = NOON.toEpochMilli();
        Score peak = new Score(
                start,
                99,
                score,
                10,
                Double.NaN,
                12,
                Season.DAILY,
                List.of(new Score.Part("neighbours-16", score), new Score.Part("baseline-point", 1)));
        return new EventTracker.Event(start, start + endSecond * 1000L, peak, 3);
    }

    @Test
    void put_keepsOneRowAndOneInsight_whileTheEventGoesOn() {
        store.put(subject(tenants.acme), event(15, 6));
        store.put(subject(tenants.acme), event(60, 9));

        List<Anomaly> anomalies = store.list(tenants.acme, AnomalyStore.Filter.ALL, PageRequest.FIRST);
        assertThat(anomalies).singleElement().satisfies(anomaly -> {
            assertThat(anomaly.peak()).isEqualTo(event(60, 9).peak());
            assertThat(anomaly.labels()).isEqualTo(CPU);
            assertThat(anomaly.lastAt()).isEqualTo(NOON.plusSeconds(60));
            assertThat(anomaly.endedAt()).isEmpty();
        });
        assertThat(insights.of(tenants.acme)).singleElement().satisfies(insight -> {
            assertThat(insight.severity()).isEqualTo("critical");
            assertThat(insight.evidence().get(0).href())
                    .isEqualTo(
                            "/api/v1/performance/anomalies/" + anomalies.get(0).id());
        });
    }

    @Test
    void erasure_leavesNothingOfASeries_ofItsTenant() {
        AnomalyErasure erasure = new AnomalyErasure();
        erasure.jdbc = tenants.jdbc;
        erasure.live = new LiveDetection();
        erasure.insights = insights.stream();
        DetectorStateStore states = new DetectorStateStore();
        states.jdbc = tenants.jdbc;
        SeriesIdentity identity = SeriesIdentity.of(CPU);
        for (TenantId tenant : List.of(tenants.acme, tenants.globex)) {
            store.put(subject(tenant), event(15, 6));
            states.save(tenant, List.of(new DetectorStateStore.State(identity, new byte[] {1})), NOON);
        }

        erasure.erase(new ErasedSeries(tenants.acme, List.of(Labels.of("__name__", "other")), Set.of()));
        assertThat(insights.of(tenants.acme)).hasSize(1);
        erasure.erase(new ErasedSeries(tenants.acme, List.of(CPU), Set.of()));

        assertThat(store.list(tenants.acme, AnomalyStore.Filter.ALL, PageRequest.FIRST))
                .isEmpty();
        assertThat(insights.of(tenants.acme)).isEmpty();
        assertThat(states.load(tenants.acme, identity)).isEmpty();
        assertThat(store.list(tenants.globex, AnomalyStore.Filter.ALL, PageRequest.FIRST))
                .hasSize(1);
        assertThat(insights.of(tenants.globex)).hasSize(1);
        assertThat(states.load(tenants.globex, identity)).isPresent();
    }

    @Test
    void close_endsAnomalyAndInsight_andTheNextEventIsANewRow() {
        store.put(subject(tenants.acme), event(15, 6));
        store.close(subject(tenants.acme), event(45, 6));
        assertThat(store.open(tenants.acme, SeriesIdentity.of(CPU))).isEmpty();
        assertThat(insights.of(tenants.acme)).extracting(Insight::closedAt).noneMatch(closed -> closed.isEmpty());

        store.put(subject(tenants.acme), event(15, 7));

        assertThat(store.list(tenants.acme, AnomalyStore.Filter.ALL, PageRequest.FIRST))
                .hasSize(2);
        assertThat(store.open(tenants.acme, SeriesIdentity.of(CPU)))
                .hasValueSatisfying(open -> assertThat(open.peak().score()).isEqualTo(7));
    }

    @Test
    void closeUnheard_endsWhatWasNotHeardOf() {
        store.put(subject(tenants.acme), event(15, 6));

        assertThat(store.closeUnheard(tenants.acme, NOON.plusSeconds(10))).isZero();
        assertThat(store.closeUnheard(tenants.acme, NOON.plusSeconds(20))).isEqualTo(1);
        assertThat(insights.of(tenants.acme))
                .allMatch(insight -> insight.closedAt().isPresent());
    }

    @Test
    void reads_neverCrossTenants_evenForEqualSeries() {
        store.put(subject(tenants.acme), event(15, 6));
        long id = store.list(tenants.acme, AnomalyStore.Filter.ALL, PageRequest.FIRST)
                .get(0)
                .id();

        assertThat(store.list(tenants.globex, AnomalyStore.Filter.ALL, PageRequest.FIRST))
                .isEmpty();
        assertThat(store.find(tenants.globex, id)).isEmpty();
        assertThat(store.open(tenants.globex, SeriesIdentity.of(CPU))).isEmpty();
        assertThat(store.closeUnheard(tenants.globex, NOON.plusSeconds(1000))).isZero();
        assertThat(insights.of(tenants.globex)).isEmpty();
        assertThat(store.find(tenants.acme, id)).isPresent();
    }

    @Test
    void list_goesOnAfterTheCursor() {
        for (int i = 0; i < 3; i++) {
            store.put(subject(tenants.acme), event(i, 6));
            store.close(subject(tenants.acme), event(i, 6));
        }
        List<Anomaly> first = store.list(tenants.acme, AnomalyStore.Filter.ALL, new PageRequest("", 1));

        List<Anomaly> rest = store.list(
                tenants.acme,
                AnomalyStore.Filter.ALL,
                new PageRequest(Long.toString(first.get(0).id()), 5));

        assertThat(first).hasSize(2);
        assertThat(rest).hasSize(2).doesNotContain(first.get(0));
    }
}
