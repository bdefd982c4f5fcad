package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
import io.auspex.series.Head;
import io.auspex.series.RollUpPacks;
import io.auspex.series.Tier;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which series of a selection have samples in a range: told by the head for what it knows, by the directories of
 * packs for the rest. No sample is decoded; a series counts when one of its chunks overlaps the range.
 */
final class SeriesInRange {
    /** Segments whose packs are asked for at a time. */
    private static final int FETCH_SEGMENTS = 512;

    private final TenantId tenant;
    private final Head head;
    private final SeriesRegistry registry;
    private final PackStore packs;
    private final TierStore tiers;
    private final long from;
    private final long to;
    private final RoaringBitmap found = new RoaringBitmap();

    SeriesInRange(
            TenantId tenant, Head head, SeriesRegistry registry, PackStore packs, TierStore tiers, long from, long to) {
        this.tenant = tenant;
        this.head = head;
        this.registry = registry;
        this.packs = packs;
        this.tiers = tiers;
        this.from = from;
        this.to = to;
    }

    /** @param headStart from when on the head alone is complete */
    RoaringBitmap of(RoaringBitmap refs, long headStart) {
        Map<Long, List<Integer>> unknown = new TreeMap<>();
        boolean history = headStart != Long.MIN_VALUE && from < headStart;
        for (IntIterator each = refs.getIntIterator(); each.hasNext(); ) {
            int ref = each.next();
            if (head.mayHave(ref, from, to)) {
                found.add(ref);
            } else if (history) {
                unknown.computeIfAbsent(registry.segment(ref), absent -> new ArrayList<>())
                        .add(ref);
            }
        }
        long historyEnd = Math.min(to, headStart - 1);
        look(unknown, historyEnd, true);
        look(unknown, historyEnd, false);
        if (!unknown.isEmpty()) {
            lookAtRollUps(unknown, historyEnd);
        }
        return found;
    }

    /** A day of which a series has roll-ups counts as one in which it has samples. */
    private void lookAtRollUps(Map<Long, List<Integer>> unknown, long historyEnd) {
        long endedTo = Math.min(historyEnd, tiers.endedTo(tenant));
        long firstDay =
                Math.floorDiv(Math.max(from, TierReader.EARLIEST) - 1, PackStore.DAY_MILLIS) * PackStore.DAY_MILLIS;
        List<Long> segments = new ArrayList<>(unknown.keySet());
        for (int at = 0; at < segments.size() && from <= endedTo; at += FETCH_SEGMENTS) {
            List<Long> some = segments.subList(at, Math.min(at + FETCH_SEGMENTS, segments.size()));
            tiers.read(tenant, Tier.DAY, some, firstDay, endedTo, (segment, day, data) -> {
                PackDirectory directory = PackDirectory.parse(data);
                unknown.getOrDefault(segment, List.of()).forEach(ref -> {
                    if (RollUpPacks.has(directory, head.seriesId(ref))) {
                        found.add(ref);
                    }
                });
            });
        }
    }

    private void look(Map<Long, List<Integer>> unknown, long historyEnd, boolean oneEach) {
        List<Long> segments = new ArrayList<>(unknown.keySet());
        for (int at = 0; at < segments.size(); at += FETCH_SEGMENTS) {
            List<Long> some = segments.subList(at, Math.min(at + FETCH_SEGMENTS, segments.size()));
            packs.directories(tenant, some, from, historyEnd, oneEach, (segment, directory) -> {
                List<Integer> refs = unknown.get(segment);
                if (refs != null && refs.removeIf(ref -> has(directory, ref, historyEnd)) && refs.isEmpty()) {
                    unknown.remove(segment);
                }
            });
        }
    }

    private boolean has(PackDirectory directory, int ref, long historyEnd) {
        int number = directory.find(head.seriesId(ref));
        if (number < 0) {
            return false;
        }
        for (int frame = 0; frame < directory.frameCount(); frame++) {
            if (directory.sampleCount(frame, number) > 0
                    && directory.minTime(frame, number) <= historyEnd
                    && directory.maxTime(frame, number) >= from) {
                found.add(ref);
                return true;
            }
        }
        return false;
    }
}
