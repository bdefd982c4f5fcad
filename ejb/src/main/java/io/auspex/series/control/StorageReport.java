package io.auspex.series.control;

import io.auspex.series.Cardinality;
import io.auspex.series.ClusterNode;
import io.auspex.series.HeadExtent;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.NamedCount;
import io.auspex.series.PackTotals;
import io.auspex.series.Tier;
import io.auspex.series.TierTotals;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedSet;
import org.roaringbitmap.RoaringBitmap;

/** Figures of one tenant's series and packs, counted when they are asked for. */
@ApplicationScoped
public class StorageReport {
    private static final Comparator<NamedCount> SMALLEST_FIRST =
            Comparator.comparingLong(NamedCount::value).thenComparing(NamedCount::name, Comparator.reverseOrder());

    @Inject
    StorageBeans storage;

    @Inject
    TenantJdbc jdbc;

    public Cardinality cardinality(TenantId tenant, int limit) {
        StorageFigures.Tenant figures = storage.engine().figures(tenant);
        LabelIndex index = storage.engine().index(tenant);
        RoaringBitmap gone = storage.engine().packedStore().gone(tenant);
        PriorityQueue<NamedCount> metrics = new PriorityQueue<>(SMALLEST_FIRST);
        PriorityQueue<NamedCount> labels = new PriorityQueue<>(SMALLEST_FIRST);
        PriorityQueue<NamedCount> bytes = new PriorityQueue<>(SMALLEST_FIRST);
        PriorityQueue<NamedCount> pairs = new PriorityQueue<>(SMALLEST_FIRST);
        long labelPairs = 0;
        for (String name : index.labelNames()) {
            SortedSet<String> values = index.labelValues(name);
            if (!gone.isEmpty()) {
                values.removeIf(value -> visible(index, name, value, gone) == 0);
            }
            if (values.isEmpty()) {
                continue;
            }
            labelPairs += values.size();
            keep(labels, new NamedCount(name, values.size()), limit);
            long valueBytes = 0;
            for (String value : values) {
                valueBytes += value.getBytes(StandardCharsets.UTF_8).length;
                int series = visible(index, name, value, gone);
                keep(pairs, new NamedCount(name + "=" + value, series), limit);
                if (name.equals(Labels.METRIC_NAME)) {
                    keep(metrics, new NamedCount(value, series), limit);
                }
            }
            keep(bytes, new NamedCount(name, valueBytes), limit);
        }
        HeadExtent extent = storage.engine().extent(tenant);
        return new Cardinality(
                figures.series() - gone.getCardinality(),
                figures.activeSeries(),
                figures.activeLimit(),
                labelPairs,
                extent.chunks(),
                extent.minMillis(),
                extent.maxMillis(),
                largestFirst(metrics),
                largestFirst(labels),
                largestFirst(bytes),
                largestFirst(pairs));
    }

    /** Series with a label, but for those that are deleted. */
    private static int visible(LabelIndex index, String name, String value, RoaringBitmap gone) {
        int all = index.cardinality(name, value);
        return gone.isEmpty()
                ? all
                : all - RoaringBitmap.andCardinality(index.match(List.of(Matcher.equal(name, value))), gone);
    }

    private static void keep(PriorityQueue<NamedCount> largest, NamedCount candidate, int limit) {
        largest.add(candidate);
        if (largest.size() > limit) {
            largest.poll();
        }
    }

    private static List<NamedCount> largestFirst(PriorityQueue<NamedCount> queue) {
        List<NamedCount> list = new ArrayList<>(queue);
        list.sort(SMALLEST_FIRST.reversed());
        return list;
    }

    public PackTotals packs(TenantId tenant) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                            "select count(*), coalesce(sum(samples), 0), coalesce(sum(octet_length(data)), 0),"
                                    + " coalesce(min(t_start) + 1, 0), coalesce(max(t_end), 0) from auspex.perf_metrics");
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return new PackTotals(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
            }
        });
    }

    /** The servers of this database, the oldest first. */
    public List<ClusterNode> nodes() {
        return jdbc.callUnbound(StorageNode::list);
    }

    /** What each tier takes, from the finest. */
    public List<TierTotals> tiers(TenantId tenant) {
        return jdbc.call(tenant, connection -> {
            List<TierTotals> totals = new ArrayList<>();
            for (Tier tier : Tier.values()) {
                try (PreparedStatement statement = connection.prepareStatement("select count(*),"
                                + " coalesce(sum(octet_length(data)), 0), coalesce(min(t_start), 0) from "
                                + TierStore.table(tier));
                        ResultSet row = statement.executeQuery()) {
                    row.next();
                    totals.add(new TierTotals(tier, row.getLong(1), row.getLong(2), row.getLong(3)));
                }
            }
            return totals;
        });
    }
}
