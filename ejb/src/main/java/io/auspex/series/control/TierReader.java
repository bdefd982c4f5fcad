package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.series.NativeHistogram;
import io.auspex.series.ReadCost;
import io.auspex.series.ReadHint;
import io.auspex.series.RollUp;
import io.auspex.series.RollUpPacks;
import io.auspex.series.SampleColumn;
import io.auspex.series.StaleMarker;
import io.auspex.series.Tier;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Fills the days of which a series has no raw samples any more with aggregates: of each day from the coarsest tier that
 * serves the use, else from the one that comes next to it.
 *
 * <p>Segments are asked for in ascending order. Holds native memory until closed; not thread-safe.
 */
final class TierReader implements AutoCloseable {
    /** Before every sample, and far enough from the least number to subtract from it. */
    static final long EARLIEST = Long.MIN_VALUE / 4;

    /** Segments whose roll-ups are fetched at a time. */
    private static final int FETCH_SEGMENTS = 32;

    private final TenantId tenant;
    private final TierStore store;
    private final ReadHint hint;
    private final long from;
    private final long to;
    private final List<Tier> preferred;
    private final PackReader reader = new PackReader();
    private final RollUp rollUp = new RollUp();
    private final EnumSet<Tier> used = EnumSet.noneOf(Tier.class);

    /** By segment and begin of the day. */
    private final Map<Long, TreeMap<Long, Day>> fetched = new HashMap<>();

    private long fetchedUpTo = -1;
    private long packs;
    private long bytes;
    private long nanos;

    // the column under construction
    private double offset;
    private double before;
    private boolean any;

    /** The roll-ups of a segment's day. */
    private record Day(Tier tier, PackDirectory directory, byte[] data) {}

    /** @param to the end of the last day that may have roll-ups only, or of the range */
    TierReader(TenantId tenant, TierStore store, ReadHint hint, long from, long to) {
        this.tenant = tenant;
        this.store = store;
        this.hint = hint;
        this.preferred = preferred(hint);
        boolean looksBack = hint.use() == ReadHint.Use.INSTANT;
        long earliest = Math.max(from, EARLIEST);
        this.from = looksBack ? earliest - PackStore.DAY_MILLIS : earliest;
        this.to = to;
    }

    /** Sufficient tiers from the coarsest, then the others from the finest. */
    private static List<Tier> preferred(ReadHint hint) {
        List<Tier> order = new ArrayList<>();
        for (Tier tier : TierStore.TIERS) {
            if (hint.isSufficient(tier)) {
                order.add(0, tier);
            }
        }
        for (Tier tier : TierStore.TIERS) {
            if (!order.contains(tier)) {
                order.add(tier);
            }
        }
        return order;
    }

    /**
     * Makes sure that the roll-ups of a segment are there.
     *
     * @param upcoming the segment and those that will be asked for after it
     */
    void fetch(long segment, Supplier<List<Long>> upcoming) {
        if (segment <= fetchedUpTo) {
            return;
        }
        List<Long> segments = upcoming.get();
        fetched.clear();
        List<Long> some = segments.subList(0, Math.min(FETCH_SEGMENTS, segments.size()));
        fetchedUpTo = some.get(some.size() - 1);
        long firstDay = Math.floorDiv(from - 1, PackStore.DAY_MILLIS) * PackStore.DAY_MILLIS;
        long asked = System.nanoTime();
        for (Tier tier : preferred) {
            store.read(tenant, tier, some, firstDay, to, (of, day, data) -> {
                fetched.computeIfAbsent(of, absent -> new TreeMap<>())
                        .computeIfAbsent(day, absent -> new Day(tier, PackDirectory.parse(data), data));
                packs++;
                bytes += data.length;
            });
        }
        nanos += System.nanoTime() - asked;
    }

    /**
     * Adds to a series' samples, which are complete, what is aggregated of other days.
     *
     * @param rawDays begins of the days of which there are samples
     */
    void complete(long segment, long series, Set<Long> rawDays, SampleColumn column) {
        TreeMap<Long, Day> days = fetched.getOrDefault(segment, new TreeMap<>());
        SampleColumn result = new SampleColumn();
        offset = 0;
        any = false;
        int next = 0;
        boolean found = false;
        for (Map.Entry<Long, Day> each : days.entrySet()) {
            Day day = each.getValue();
            if (rawDays.contains(each.getKey()) || day.directory().frameCount() == 0) {
                continue;
            }
            reader.frame(day.directory(), 0, day.data(), day.directory().frameOffset(0));
            RollUpPacks.read(reader, day.directory(), series, rollUp);
            if (rollUp.isEmpty()) {
                continue;
            }
            samples(column, next, column.indexFrom(each.getKey() + 1), result);
            next = column.indexFrom(each.getKey() + PackStore.DAY_MILLIS + 1); // what came too late is not shown
            buckets(day.tier(), result);
            used.add(day.tier());
            found = true;
            if (result.size() > 0) {
                result.coarse(each.getKey() + PackStore.DAY_MILLIS, widest());
            }
        }
        if (found) {
            samples(column, next, column.size(), result);
            column.become(result);
        }
    }

    private long widest() {
        return used.stream().mapToLong(Tier::bucketMillis).max().orElse(0);
    }

    private void samples(SampleColumn column, int start, int end, SampleColumn into) {
        for (int i = start; i < end; i++) {
            NativeHistogram histogram = column.histogram(i);
            double value = column.value(i);
            if (histogram != null) {
                into.append(column.timestamp(i), histogram, 1);
            } else if (hint.use() == ReadHint.Use.INCREASE && !StaleMarker.is(value)) {
                step(any && value < before ? before : 0, value);
                into.append(column.timestamp(i), value + offset, 1);
            } else {
                into.append(column.timestamp(i), value, 1);
            }
        }
    }

    /** What a counter has lost until its next value. */
    private void step(double lost, double value) {
        offset += lost;
        before = value;
        any = true;
    }

    private void buckets(Tier tier, SampleColumn into) {
        int stale = 0;
        for (int i = 0; i <= rollUp.size(); i++) {
            long start = i < rollUp.size() ? rollUp.start(i) : Long.MAX_VALUE;
            boolean endsStale = false;
            for (; stale < rollUp.staleCount() && rollUp.stale(stale) <= start; stale++) {
                endsStale = rollUp.stale(stale) == start;
                if (!endsStale) {
                    stale(rollUp.stale(stale) + tier.bucketMillis(), into);
                }
            }
            if (i == rollUp.size()) {
                return;
            }
            long end = start + tier.bucketMillis();
            double value = value(i);
            if (end < from || end > to) {
                continue;
            }
            if (endsStale && hint.use() == ReadHint.Use.INSTANT) {
                stale(end, into);
            } else {
                into.append(end, value, rollUp.count(i));
            }
        }
    }

    private void stale(long end, SampleColumn into) {
        if (hint.use() == ReadHint.Use.INSTANT && end >= from && end <= to) {
            into.append(end, StaleMarker.VALUE, 1);
        }
    }

    private double value(int bucket) {
        return switch (hint.use()) {
            case SAMPLES, INSTANT, LAST, COUNT -> rollUp.last(bucket);
            case MIN -> rollUp.min(bucket);
            case MAX -> rollUp.max(bucket);
            case SUM, AVERAGE -> rollUp.sum(bucket);
            case INCREASE -> {
                double lost = rollUp.resets(bucket);
                if (bucket == 0 && any && rollUp.first() < before) {
                    lost += before;
                }
                step(lost, rollUp.last(bucket));
                yield rollUp.last(bucket) + offset;
            }
        };
    }

    /** What was read, and of which tiers. */
    ReadCost cost() {
        return new ReadCost(0, 0, 0, packs, bytes, nanos, used);
    }

    @Override
    public void close() {
        reader.close();
    }
}
