package io.auspex.series.control;

import io.auspex.series.Head;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.ReadCost;
import io.auspex.series.ReadHint;
import io.auspex.series.SampleColumn;
import io.auspex.series.SeriesCursor;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The series of a selection with their samples from packs and head.
 *
 * <p>Goes segment by segment: the packs of a segment are fetched, and their frames inflated, once for all its series.
 * Where there is much to decode and a thread is free, it is decoded ahead of the reader.
 */
final class MergeCursor implements SeriesCursor {
    /** Packs held in memory at a time. */
    private static final long FETCH_BYTES = 16 << 20;

    private static final int FETCH_SEGMENTS = 512;

    /** Samples to be decoded below which waking up another thread costs more than it saves. */
    private static final long WORTH_HELP = 1 << 16;

    private static final long USUAL_INTERVAL_MILLIS = 15_000;

    private final TenantId tenant;
    private final LabelIndex index;
    private final long from;
    private final long to;
    private final PackStore packs;
    private final Executor helpers;
    private final ReadEpochs readers;
    private final Tombstones.Hidden hidden;
    private final long epoch;

    /** Where the packs are asked no more, since the head has everything from there on. */
    private final long historyEnd;

    /** Segment in the upper half, ref in the lower; ascending. */
    private final long[] series;

    private final SeriesGroup[] groups;
    private final DecodeAhead decoding;

    /** Groups whose packs were fetched. */
    private int fetched;

    private int number = -1;
    private SeriesGroup group = new SeriesGroup(0, 0, 0);
    private int inGroup = -1;
    private Labels labels = Labels.EMPTY;
    private ReadCost cost = ReadCost.NONE;
    private boolean closed;
    private final Head head;

    /** Present when samples of the range may have ended. */
    private final @Nullable TierReader tiers;

    /**
     * What is selected.
     *
     * @param refs of series, found by their labels
     * @param from the first time, inclusive as is {@code to}
     * @param hint what will be done with the samples
     * @param hidden what is deleted of them
     */
    record Selection(
            TenantId tenant,
            LabelIndex index,
            int[] refs,
            long from,
            long to,
            ReadHint hint,
            Tombstones.Hidden hidden) {}

    MergeCursor(SampleSources sources, Selection selection) {
        this.tenant = selection.tenant();
        this.index = selection.index();
        this.from = selection.from();
        this.to = selection.to();
        this.packs = sources.packs();
        this.helpers = sources.helpers();
        this.readers = sources.readers();
        this.hidden = selection.hidden();
        this.series = bySegment(selection.refs(), sources.registry());
        this.groups = groups(series);
        // in this order: what is announced after entering cannot be released before leaving
        this.epoch = readers.enter();
        long headStart = sources.flush().headStart(tenant);
        this.historyEnd = headStart == Long.MIN_VALUE ? Long.MIN_VALUE : Math.min(to, headStart - 1);
        this.head = sources.head();
        this.tiers = tiers(sources.tiers(), selection.hint());
        this.decoding = new DecodeAhead(groups, () -> new GroupDecoder(tenant, head, series, from, to, historyEnd));
    }

    private static long[] bySegment(int[] refs, SeriesRegistry registry) {
        long[] series = new long[refs.length];
        for (int i = 0; i < refs.length; i++) {
            series[i] = registry.segment(refs[i]) << 32 | refs[i];
        }
        Arrays.sort(series);
        return series;
    }

    private @Nullable TierReader tiers(TierStore store, ReadHint hint) {
        if (from > historyEnd || series.length == 0) {
            return null;
        }
        try {
            long endedTo = store.endedTo(tenant);
            return from > endedTo ? null : new TierReader(tenant, store, hint, from, Math.min(to, endedTo));
        } catch (RuntimeException e) {
            readers.exit(epoch);
            throw e;
        }
    }

    private static SeriesGroup[] groups(long[] series) {
        List<SeriesGroup> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= series.length; i++) {
            if (i == series.length || series[i] >>> 32 != series[start] >>> 32) {
                groups.add(new SeriesGroup(series[start] >>> 32, start, i - start));
                start = i;
            }
        }
        return groups.toArray(SeriesGroup[]::new);
    }

    @Override
    public boolean next() {
        while (!closed) {
            inGroup++;
            if (inGroup >= group.size && !nextGroup()) {
                return false;
            }
            int ref = (int) series[group.start + inGroup];
            Labels found = index.labels(ref);
            if (found != null && hidden.cut(ref, samples())) {
                labels = found;
                return true;
            }
        }
        return false;
    }

    private boolean nextGroup() {
        if (number + 1 >= groups.length) {
            return false;
        }
        number++;
        inGroup = 0;
        if (number >= fetched) {
            fetch();
        }
        group = decoding.await(number);
        cost = cost.plus(group.cost);
        if (tiers != null) {
            completeWith(tiers);
        }
        return true;
    }

    private void completeWith(TierReader reader) {
        reader.fetch(group.segment, () -> upcoming(number));
        for (int i = 0; i < group.size; i++) {
            Set<Long> days = group.rawDays.isEmpty() ? Set.of() : group.rawDays.get(i);
            reader.complete(group.segment, head.seriesId((int) series[group.start + i]), days, group.columns.get(i));
        }
    }

    private List<Long> upcoming(int first) {
        List<Long> segments = new ArrayList<>();
        for (int i = first; i < groups.length && segments.size() < FETCH_SEGMENTS; i++) {
            segments.add(groups[i].segment);
        }
        return segments;
    }

    private void fetch() {
        int before = fetched;
        if (from > historyEnd) {
            fetched = groups.length;
        } else {
            List<Long> segments = upcoming(before);
            long asked = System.nanoTime();
            PackStore.Slice slice = packs.read(tenant, segments, from, historyEnd, FETCH_BYTES);
            cost = cost.plus(new ReadCost(0, 0, 0, 0, 0, System.nanoTime() - asked));
            distribute(slice);
        }
        decoding.ready(fetched);
        if (fetched - before > 1 && samplesToDecode(before) >= WORTH_HELP) {
            decoding.help(helpers);
        }
    }

    private void distribute(PackStore.Slice slice) {
        int next = 0;
        while (fetched < groups.length && groups[fetched].segment <= slice.upTo()) {
            SeriesGroup filled = groups[fetched++];
            int first = next;
            while (next < slice.packs().size() && slice.packs().get(next).segment() == filled.segment) {
                filled.packedSamples += slice.packs().get(next++).directory().samplesWithin(from, historyEnd);
            }
            filled.packs = slice.packs().subList(first, next);
            if (tiers != null) {
                filled.rawDays = rawDays(filled);
            }
        }
    }

    /** Of each series of a group, the begins of the days of which there are samples. */
    private List<Set<Long>> rawDays(SeriesGroup of) {
        List<Set<Long>> days = new ArrayList<>();
        for (int i = 0; i < of.size; i++) {
            Set<Long> found = new HashSet<>();
            long id = head.seriesId((int) series[of.start + i]);
            for (PackStore.Pack pack : of.packs) {
                if (pack.directory().frameCount() > 0 && pack.directory().find(id) >= 0) {
                    long day = Math.floorDiv(pack.directory().frameMinTime(0) - 1, PackStore.DAY_MILLIS);
                    found.add(day * PackStore.DAY_MILLIS);
                }
            }
            days.add(found);
        }
        return days;
    }

    /** About as many as the packs that were fetched have, and as the head has at the usual interval. */
    private long samplesToDecode(int firstGroup) {
        long inHead = Math.min(Math.max(0, to - Math.max(from, historyEnd)) / USUAL_INTERVAL_MILLIS, WORTH_HELP);
        long total = 0;
        for (int i = firstGroup; i < fetched; i++) {
            total += groups[i].packedSamples + inHead * groups[i].size;
        }
        return total;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public SampleColumn samples() {
        return group.columns.get(inGroup);
    }

    @Override
    public ReadCost cost() {
        return tiers == null ? cost : cost.plus(tiers.cost());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        decoding.close();
        if (tiers != null) {
            tiers.close();
        }
        readers.exit(epoch);
    }
}
