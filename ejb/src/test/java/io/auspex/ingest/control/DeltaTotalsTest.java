package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.ingest.DecodedBatch;
import io.auspex.ingest.IngestLimits;
import io.auspex.ingest.OtlpDecoder;
import io.auspex.ingest.OtlpJson;
import io.auspex.series.NativeHistogram;
import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DeltaTotalsTest {
    private static final TenantId ACME = new TenantId(1);
    private static final TenantId GLOBEX = new TenantId(2);

    private final Map<SeriesIdentity, StoredTotals.Last> stored = new HashMap<>();
    private int asked;
    private DeltaTotals totals = totals();

    private DeltaTotals totals() {
        return new DeltaTotals(100, Duration.ofHours(1), (tenant, series) -> {
            asked++;
            return tenant.equals(ACME) ? stored : Map.of();
        });
    }

    private static DecodedBatch counter(long millis, double difference) {
        return decode("\"sum\":{\"isMonotonic\":true,\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":"
                + millis + "000000,\"asDouble\":" + difference + "}]}");
    }

    private static DecodedBatch histogram(long millis, int offset, int count) {
        return decode("\"exponentialHistogram\":{\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":"
                + millis
                + "000000,\"count\":" + count + ",\"sum\":1,\"positive\":{\"offset\":" + offset + ",\"bucketCounts\":["
                + count + "]}}]}");
    }

    private static DecodedBatch decode(String data) {
        byte[] json = ("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\"," + data + "}]}]}]}")
                .getBytes(StandardCharsets.UTF_8);
        OtlpJson rewriter = new OtlpJson();
        int length = rewriter.rewrite(json, json.length, 1 << 20);
        DecodedBatch batch = new DecodedBatch();
        new OtlpDecoder()
                .decode(
                        rewriter.bytes(),
                        length,
                        Set.of(),
                        IngestLimits.DEFAULT,
                        (high, low, from, to, refs) -> Arrays.fill(refs, from, to, 5),
                        batch);
        return batch;
    }

    private double add(TenantId tenant, long millis, double difference) {
        DecodedBatch batch = counter(millis, difference);
        totals.accumulate(tenant, batch);
        return batch.values()[0];
    }

    @Test
    void differences_areAddedUp_forEachTenant() {
        assertThat(add(ACME, 10, 3)).isEqualTo(3);
        assertThat(add(GLOBEX, 10, 100)).isEqualTo(100);
        assertThat(add(ACME, 20, 4)).isEqualTo(7);
    }

    @Test
    void aTotalThatIsNotInMemory_goesOnFromWhatIsStored() {
        SeriesIdentity counter = SeriesIdentity.of(counter(1, 1).labels(0));
        stored.put(counter, new StoredTotals.Last(15, 40, null));

        assertThat(totals.accumulate(ACME, counter(15, 9)).refused.get(0))
                .as("it is stored already")
                .isTrue();
        assertThat(add(ACME, 20, 2)).isEqualTo(42);
        assertThat(add(ACME, 30, 1)).isEqualTo(43);
        assertThat(add(GLOBEX, 20, 2)).as("another tenant's").isEqualTo(2);
        assertThat(asked).as("once for each series").isEqualTo(2);
    }

    @Test
    void aHistogramThatIsNotInMemory_goesOnFromWhatIsStored() {
        DecodedBatch before = histogram(10, 0, 4);
        NativeHistogram last = before.histogram(0);
        stored.put(SeriesIdentity.of(before.labels(0)), new StoredTotals.Last(10, 0, last));
        DecodedBatch next = histogram(20, 0, 3);

        totals.accumulate(ACME, next);

        assertThat(next.histogram(0).count()).isEqualTo(7);
    }

    @Test
    void aDifference_thatIsNotLater_isRefused() {
        add(ACME, 10, 3);
        DecodedBatch again = counter(10, 3);

        DeltaTotals.Outcome outcome = totals.accumulate(ACME, again);

        assertThat(outcome.refused.get(0)).isTrue();
        assertThat(add(ACME, 20, 1)).isEqualTo(4);
    }

    @Test
    void undo_takesBack_whatWasNotStored() {
        add(ACME, 10, 3);
        totals.accumulate(ACME, counter(20, 4)).undo();

        assertThat(add(ACME, 20, 4)).isEqualTo(7);
    }

    @Test
    void histograms_areAddedUp_unlessTheirBucketsAreFarApart() {
        DecodedBatch first = histogram(10, 3, 2);
        DecodedBatch second = histogram(20, 5, 4);
        DecodedBatch far = histogram(30, 2_000_000_000, 1);
        totals.accumulate(ACME, first);
        totals.accumulate(ACME, second);
        totals.accumulate(ACME, far);

        assertThat(second.histogram(0).count()).isEqualTo(6);
        assertThat(second.histogram(0).positive()).containsExactly(2, 0, 4);
        assertThat(far.histogram(0).count()).isEqualTo(1);
    }
}
