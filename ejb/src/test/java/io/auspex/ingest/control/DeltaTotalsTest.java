package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.ingest.DecodedBatch;
import io.auspex.ingest.IngestLimits;
import io.auspex.ingest.OtlpDecoder;
import io.auspex.ingest.OtlpJson;
import io.auspex.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DeltaTotalsTest {
    private static final TenantId ACME = new TenantId(1);
    private static final TenantId GLOBEX = new TenantId(2);

    private final DeltaTotals totals = new DeltaTotals(100, Duration.ofHours(1));

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
