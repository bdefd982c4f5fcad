package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.series.Head;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.PackedColumns;
import io.auspex.series.ReadCost;
import io.auspex.series.SampleColumn;
import io.auspex.series.SeriesCursor;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series of a selection with their samples from packs and head.
 *
 * <p>Goes segment by segment: the packs of a segment are fetched, and their frames inflated, once for all its
 * series. Of samples with one timestamp the one that was written first stays, as everywhere.
 */
final class MergeCursor implements SeriesCursor {
    /** Packs held in memory at a time. */
    private static final long FETCH_BYTES = 16 << 20;

    private static final int FETCH_SEGMENTS = 512;

    private final TenantId tenant;
    private final LabelIndex index;
    private final long from;
    private final long to;
    private final Head head;
    private final PackStore packs;
    private final ReadEpochs readers;
    private final long epoch;

    /** Where the packs are asked no more, since the head has everything from there on. */
    private final long historyEnd;

    /** Segment in the upper half, ref in the lower; ascending. */
    private final long[] series;

    /** First series that is not yet in the current group. */
    private int nextGroup;

    /** The current group: series of one segment. */
    private int groupStart;

    private int groupSize;
    private int inGroup = -1;
    private final List<SampleColumn> columns = new ArrayList<>();

    private List<PackStore.Pack> fetched = List.of();
    private int nextFetched;
    private long fetchedUpTo = -1;
    private @Nullable PackReader reader;
    private final SampleColumn scratch = new SampleColumn();
    private final SampleColumn merged = new SampleColumn();
    private Labels labels = Labels.EMPTY;
    private boolean closed;
    private long headSamples;
    private long packedSamples;
    private long chunks;
    private long packsRead;
    private long packBytes;
    private long fetchNanos;

    MergeCursor(
            TenantId tenant,
            LabelIndex index,
            int[] refs,
            long from,
            long to,
            Head head,
            SeriesRegistry registry,
            PackStore packs,
            HeadFlush flush,
            ReadEpochs readers) {
        this.tenant = tenant;
        this.index = index;
        this.from = from;
        this.to = to;
        this.head = head;
        this.packs = packs;
        this.readers = readers;
        this.series = Arrays.stream(refs)
                .mapToLong(ref -> registry.segment(ref) << 32 | ref)
                .sorted()
                .toArray();
        // in this order: what is announced after entering cannot be released before leaving
        this.epoch = readers.enter();
        long headStart = flush.headStart(tenant);
        this.historyEnd = headStart == Long.MIN_VALUE ? Long.MIN_VALUE : Math.min(to, headStart - 1);
    }

    @Override
    public boolean next() {
        while (true) {
            if (closed) {
                return false;
            }
            inGroup++;
            if (inGroup >= groupSize && !nextGroup()) {
                return false;
            }
            int ref = (int) series[groupStart + inGroup];
            Labels found = index.labels(ref);
            if (found != null && addHead(ref, columns.get(inGroup))) {
                labels = found;
                return true;
            }
        }
    }

    private boolean nextGroup() {
        if (nextGroup >= series.length) {
            return false;
        }
        groupStart = nextGroup;
        long segment = series[groupStart] >>> 32;
        do {
            nextGroup++;
        } while (nextGroup < series.length && series[nextGroup] >>> 32 == segment);
        groupSize = nextGroup - groupStart;
        inGroup = 0;
        for (int i = 0; i < groupSize; i++) {
            if (i == columns.size()) {
                columns.add(new SampleColumn());
            }
            columns.get(i).clear();
        }
        if (from <= historyEnd) {
            readPacks(segment);
        }
        return true;
    }

    private void readPacks(long segment) {
        if (segment > fetchedUpTo) {
            fetch();
        }
        while (nextFetched < fetched.size() && fetched.get(nextFetched).segment() == segment) {
            readPack(fetched.get(nextFetched++).data());
        }
    }

    private void fetch() {
        List<Long> segments = new ArrayList<>();
        for (int i = groupStart; i < series.length && segments.size() < FETCH_SEGMENTS; i++) {
            long segment = series[i] >>> 32;
            if (segments.isEmpty() || segments.get(segments.size() - 1) != segment) {
                segments.add(segment);
            }
        }
        long asked = System.nanoTime();
        PackStore.Slice slice = packs.read(tenant, segments, from, historyEnd, FETCH_BYTES);
        fetchNanos += System.nanoTime() - asked;
        fetched = slice.packs();
        nextFetched = 0;
        fetchedUpTo = slice.upTo();
    }

    private void readPack(byte[] pack) {
        packsRead++;
        packBytes += pack.length;
        PackReader open = reader;
        if (open == null) {
            open = new PackReader();
            reader = open;
        }
        PackDirectory directory = PackDirectory.parse(pack);
        int[] numbers = new int[groupSize];
        boolean any = false;
        for (int i = 0; i < groupSize; i++) {
            numbers[i] = directory.find(head.seriesId((int) series[groupStart + i]));
            any |= numbers[i] >= 0;
        }
        for (int frame = 0; any && frame < directory.frameCount(); frame++) {
            if (directory.frameMinTime(frame) <= historyEnd && directory.frameMaxTime(frame) >= from) {
                readFrame(open, directory, frame, pack, numbers);
            }
        }
    }

    private void readFrame(PackReader open, PackDirectory directory, int frame, byte[] pack, int[] numbers) {
        boolean inflated = false;
        for (int i = 0; i < groupSize; i++) {
            int number = numbers[i];
            if (number < 0
                    || directory.sampleCount(frame, number) == 0
                    || directory.minTime(frame, number) > historyEnd
                    || directory.maxTime(frame, number) < from) {
                continue;
            }
            if (!inflated) {
                open.frame(directory, frame, pack, directory.frameOffset(frame));
                inflated = true;
            }
            SampleColumn column = columns.get(i);
            chunks++;
            if (isBehind(directory.minTime(frame, number), column)) {
                int before = column.size();
                PackedColumns.read(open, number, from, historyEnd, column);
                packedSamples += column.size() - before;
            } else {
                scratch.clear();
                PackedColumns.read(open, number, from, historyEnd, scratch);
                packedSamples += scratch.size();
                Columns.merge(column, scratch, merged);
            }
        }
    }

    private boolean addHead(int ref, SampleColumn column) {
        if (head.mayHave(ref, from, to)) {
            if (column.size() == 0) {
                head.read(tenant, ref, from, to, column);
                headSamples += column.size();
            } else {
                scratch.clear();
                if (head.read(tenant, ref, from, to, scratch)) {
                    headSamples += scratch.size();
                    Columns.merge(column, scratch, merged);
                }
            }
        }
        return column.size() > 0;
    }

    private static boolean isBehind(long first, SampleColumn column) {
        return column.size() == 0 || first > column.timestamp(column.size() - 1);
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public SampleColumn samples() {
        return columns.get(inGroup);
    }

    @Override
    public ReadCost cost() {
        return new ReadCost(headSamples, packedSamples, chunks, packsRead, packBytes, fetchNanos);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        readers.exit(epoch);
        PackReader open = reader;
        if (open != null) {
            open.close();
        }
    }
}
