package io.auspex.series.rest;

import io.auspex.series.Cardinality;
import io.auspex.series.PackTotals;
import io.auspex.series.TierTotals;
import io.auspex.series.boundary.StorageStatus;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** What the tenant's samples take. */
@RequestScoped
@Path("v1/performance/storage")
@Produces(MediaType.APPLICATION_JSON)
public class StorageResource {
    @Inject
    StorageStatus status;

    /** @param bytesPerSample of compressed packs, 0 while there are none */
    public record StorageView(
            int series,
            int activeSeries,
            int activeSeriesLimit,
            long packs,
            long packedSamples,
            long packedBytes,
            double bytesPerSample,
            long firstSampleMillis,
            long lastSampleMillis,
            List<TierView> tiers) {}

    /** @param rows packs, or roll-ups of a segment and day */
    public record TierView(String tier, long rows, long bytes, long firstMillis) {
        static TierView of(TierTotals totals) {
            return new TierView(totals.tier().label(), totals.rows(), totals.bytes(), totals.firstMillis());
        }
    }

    @GET
    public StorageView get() {
        PackTotals packs = status.packs();
        Cardinality series = status.cardinality(1);
        return new StorageView(
                series.series(),
                series.activeSeries(),
                series.activeLimit(),
                packs.packs(),
                packs.samples(),
                packs.bytes(),
                packs.samples() == 0 ? 0 : (double) packs.bytes() / packs.samples(),
                packs.firstMillis(),
                packs.lastMillis(),
                status.tiers().stream().map(TierView::of).toList());
    }
}
