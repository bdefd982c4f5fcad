package io.auspex.anomaly.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.anomaly.Anomaly;
import io.auspex.anomaly.DetectorRule;
import io.auspex.insight.control.InsightAccess;
import io.auspex.platform.PageRequest;
import io.auspex.series.FreshBatch;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.support.TestTenants;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Detection of fresh samples over real tables, on a clock that the test moves. */
final class LiveDetectionTest {
    private static final long START = Instant.parse("2026-11-21T00:00:00Z").toEpochMilli();
    private static final long INTERVAL = 15_000;
    /** The sample ten minutes after the first; states are saved every five. */
    private static final int SAVED_BY_THEN = 40;

    private static final Labels LOAD = Labels.of("__name__", "node_load1", "instance", "a");
    private static final Labels BYTES =
            Labels.of("__name__", "node_network_receive_bytes_total", "device", "eth0", "instance", "a");
    private static final Labels OTHER = Labels.of("__name__", "business_orders");

    private final TestTenants tenants = new TestTenants();
    private final MovingClock clock = new MovingClock();
    private final AnomalyStore anomalies = new AnomalyStore();
    private final DetectorStore rules = new DetectorStore();
    private final DetectorStateStore states = new DetectorStateStore();
    private final InsightAccess insights = new InsightAccess(tenants.jdbc);
    private LiveDetection detection = node();

    private LiveDetection node() {
        anomalies.jdbc = tenants.jdbc;
        anomalies.insights = insights.stream();
        anomalies.clock = clock;
        rules.jdbc = tenants.jdbc;
        states.jdbc = tenants.jdbc;
        LiveDetection node = new LiveDetection();
        node.rules = rules;
        node.states = states;
        node.anomalies = anomalies;
        node.clock = clock;
        node.seriesPerTenant = 10;
        node.training = new SeriesTraining() {
            @Override
            void train(LiveSeries series, boolean fromState) {
                // No sample store here: what was saved, else the untrained baseline.
                LiveDetectionTest.this
                        .states
                        .load(series.tenant(), series.identity())
                        .map(io.auspex.anomaly.Detectors::restore)
                        .ifPresent(series::adopt);
            }
        };
        return node;
    }

    private void send(TenantId tenant, Labels labels, int ref, int sample, double value) {
        clock.millis = START + sample * INTERVAL;
        detection.accept(new FreshBatch(
                tenant, new int[] {ref}, new long[] {clock.millis}, new double[] {value}, any -> labels));
    }

    private void calm(TenantId tenant, int from, int to) {
        for (int i = from; i < to; i++) {
            send(tenant, LOAD, 1, i, 1 + 0.1 * new SplittableRandom(i * 7919L).nextGaussian());
        }
    }

    private List<Anomaly> found(TenantId tenant) {
        return anomalies.list(tenant, AnomalyStore.Filter.ALL, PageRequest.FIRST);
    }

    @Test
    void accept_opensOneAnomaly_whenTheLoadJumps_andClosesItAfterwards() {
        calm(tenants.acme, 0, 400);
        assertThat(found(tenants.acme)).isEmpty();

        for (int i = 400; i < 404; i++) {
            send(tenants.acme, LOAD, 1, i, 60);
        }
        assertThat(found(tenants.acme)).singleElement().satisfies(anomaly -> {
            assertThat(anomaly.labels()).isEqualTo(LOAD);
            assertThat(anomaly.endedAt()).isEmpty();
            assertThat(anomaly.explanation()).contains("expected");
        });
        assertThat(insights.of(tenants.acme)).hasSize(1);

        calm(tenants.acme, 404, 500);
        assertThat(found(tenants.acme))
                .isNotEmpty()
                .allMatch(anomaly -> anomaly.endedAt().isPresent());
        assertThat(found(tenants.globex)).isEmpty();
    }

    /** Two nodes hear of the same samples; the one that leads finds what there is, once, and another goes on with it. */
    @Test
    void accept_judgesOnOneNodeOnly_andAnotherTakesOver() {
        LiveDetection leader = detection;
        LiveDetection other = node();
        other.role = () -> other == detection;
        leader.role = () -> leader == detection;
        for (int i = 0; i < 404; i++) {
            double value = i < 400 ? 1 + 0.1 * new SplittableRandom(i * 7919L).nextGaussian() : 60;
            send(tenants.acme, LOAD, 1, i, value);
            other.accept(new FreshBatch(
                    tenants.acme, new int[] {5}, new long[] {clock.millis}, new double[] {value}, any -> LOAD));
        }
        assertThat(found(tenants.acme)).hasSize(1);

        detection = other;
        calm(tenants.acme, 404, 500);

        assertThat(found(tenants.acme))
                .singleElement()
                .satisfies(anomaly -> assertThat(anomaly.endedAt()).isPresent());
        assertThat(insights.of(tenants.acme)).hasSize(1);
    }

    @Test
    void accept_findsNothing_whileASeriesIsYoung() {
        detection.warmUpSamples = 240;
        calm(tenants.acme, 0, 200);
        for (int i = 200; i < 210; i++) {
            send(tenants.acme, LOAD, 1, i, 60);
        }

        assertThat(found(tenants.acme)).isEmpty();
    }

    @Test
    void accept_tellsWhichSeries_inWhichDirection_andCallsOnlyWhatLastsCritical() {
        calm(tenants.acme, 0, 2_000);
        send(tenants.acme, LOAD, 1, 2_000, 60);
        assertThat(insights.of(tenants.acme)).singleElement().satisfies(insight -> {
            assertThat(insight.title()).isEqualTo("node_load1 (instance a) is higher than expected");
            assertThat(insight.severity()).isEqualTo("warning");
        });
    }

    @Test
    void accept_judgesCountersOnTheirRate() {
        double total = 0;
        for (int i = 0; i < 400; i++) {
            total += 15_000 + 500 * new SplittableRandom(i * 7919L).nextGaussian();
            send(tenants.acme, BYTES, 2, i, total);
        }
        assertThat(found(tenants.acme)).isEmpty();

        send(tenants.acme, BYTES, 2, 400, total + 15_000_000);

        assertThat(found(tenants.acme))
                .singleElement()
                .satisfies(anomaly -> assertThat(anomaly.peak().expected()).isBetween(900.0, 1100.0));
    }

    @Test
    void accept_ignoresSeries_thatNoRuleWatches() {
        for (int i = 0; i < 300; i++) {
            send(tenants.acme, OTHER, 3, i, i == 299 ? 1e9 : 1);
        }
        detection.stop();

        assertThat(found(tenants.acme)).isEmpty();
        assertThat(states.load(tenants.acme, SeriesIdentity.of(OTHER))).isEmpty();
    }

    @Test
    void accept_followsTheTenantsOwnRules_withinSeconds() {
        send(tenants.acme, OTHER, 3, 0, 1);
        rules.create(
                tenants.acme,
                new DetectorRule(0, "orders", "business_orders", DetectorRule.Method.BASELINE, 3, true, 0));
        for (int i = 1; i < 300; i++) {
            send(tenants.acme, OTHER, 3, i, i >= 297 ? 1e9 : 1);
        }

        assertThat(found(tenants.acme))
                .singleElement()
                .satisfies(anomaly -> assertThat(anomaly.detectorId()).isPresent());
    }

    @Test
    void restart_goesOnWithWhatWasLearned_andWithTheOpenEvent() {
        calm(tenants.acme, 0, 400);
        for (int i = 400; i < 403; i++) {
            send(tenants.acme, LOAD, 1, i, 60);
        }
        detection.stop();

        detection = node();
        send(tenants.acme, LOAD, 77, 403, 60);
        calm(tenants.acme, 404, 480);

        assertThat(found(tenants.acme))
                .singleElement()
                .satisfies(anomaly -> assertThat(anomaly.endedAt()).isPresent());
    }

    @Test
    void accept_watchesNoMoreSeriesThanItsLimit() {
        detection.seriesPerTenant = 2;
        sendFive(tenants.acme, 0);
        sendFive(tenants.acme, SAVED_BY_THEN);

        assertThat(watchedOfFive(tenants.acme)).isEqualTo(2);
    }

    @Test
    void accept_watchesNoMoreSeriesOfAllTenantsThanTheNodeHasRoomFor() {
        detection.seriesPerTenant = 2;
        detection.nodeSeries = Optional.of(3);
        sendFive(tenants.acme, 0);
        sendFive(tenants.globex, 0);
        sendFive(tenants.acme, SAVED_BY_THEN);

        assertThat(watchedOfFive(tenants.acme)).isEqualTo(2);
        assertThat(watchedOfFive(tenants.globex)).isEqualTo(1);
    }

    private void sendFive(TenantId tenant, int at) {
        for (int ref = 0; ref < 5; ref++) {
            send(tenant, LOAD.with("instance", "host" + ref), ref, at, 1);
        }
    }

    private long watchedOfFive(TenantId tenant) {
        return IntStream.range(0, 5)
                .filter(ref -> states.load(tenant, SeriesIdentity.of(LOAD.with("instance", "host" + ref)))
                        .isPresent())
                .count();
    }

    private static final class MovingClock extends Clock {
        private long millis = START;

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
