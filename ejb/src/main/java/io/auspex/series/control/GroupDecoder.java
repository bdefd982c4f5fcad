package io.auspex.series.control;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.series.Head;
import io.auspex.series.PackedColumns;
import io.auspex.series.ReadCost;
import io.auspex.series.SampleColumn;
import io.auspex.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what packs and head have of a group of series: frames are inflated once for all of them. Of samples with one
 * timestamp the one that was written first stays, as everywhere.
 *
 * <p>Holds native memory until closed; not thread-safe.
 */
final class GroupDecoder implements AutoCloseable {
    private final TenantId tenant;
    private final Head head;
    private final long[] series;
    private final long from;
    private final long to;

    /** Where packs are read no more, since the head has everything from there on. */
    private final long historyEnd;

    private final SampleColumn scratch = new SampleColumn();
    private final SampleColumn merged = new SampleColumn();
    private @Nullable PackReader reader;

    /** What the group at hand has cost so far. */
    private long headSamples;

    private long packedSamples;
    private long chunks;
    private long packBytes;

    /** @param series of the whole selection; the ref in the lower half */
    GroupDecoder(TenantId tenant, Head head, long[] series, long from, long to, long historyEnd) {
        this.tenant = tenant;
        this.head = head;
        this.series = series;
        this.from = from;
        this.to = to;
        this.historyEnd = historyEnd;
    }

    /** Fills the group's columns; one stays empty when its series has nothing in the range. */
    void decode(SeriesGroup group) {
        headSamples = 0;
        packedSamples = 0;
        chunks = 0;
        packBytes = 0;
        for (int i = 0; i < group.size; i++) {
            if (i == group.columns.size()) {
                group.columns.add(new SampleColumn());
            }
            group.columns.get(i).clear();
        }
        for (PackStore.Pack pack : group.packs) {
            readPack(group, pack);
        }
        for (int i = 0; i < group.size; i++) {
            addHead((int) series[group.start + i], group.columns.get(i));
        }
        group.cost = new ReadCost(headSamples, packedSamples, chunks, group.packs.size(), packBytes, 0);
    }

    private void readPack(SeriesGroup group, PackStore.Pack pack) {
        packBytes += pack.data().length;
        PackReader open = reader;
        if (open == null) {
            open = new PackReader();
            reader = open;
        }
        PackDirectory directory = pack.directory();
        int[] numbers = new int[group.size];
        boolean any = false;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = directory.find(head.seriesId((int) series[group.start + i]));
            any |= numbers[i] >= 0;
        }
        if (any) {
            makeRoom(group, directory, numbers);
        }
        for (int frame = 0; any && frame < directory.frameCount(); frame++) {
            if (isWanted(directory, frame)) {
                readFrame(group, open, directory, frame, pack.data(), numbers);
            }
        }
    }

    private boolean isWanted(PackDirectory directory, int frame) {
        return directory.frameMinTime(frame) <= historyEnd && directory.frameMaxTime(frame) >= from;
    }

    /** So that columns need not grow, and be copied, with each frame. */
    private void makeRoom(SeriesGroup group, PackDirectory directory, int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            int samples = 0;
            for (int frame = 0; numbers[i] >= 0 && frame < directory.frameCount(); frame++) {
                samples += isWanted(directory, frame) ? directory.sampleCount(frame, numbers[i]) : 0;
            }
            SampleColumn column = group.columns.get(i);
            column.ensure(column.size() + samples);
        }
    }

    private void readFrame(
            SeriesGroup group, PackReader open, PackDirectory directory, int frame, byte[] pack, int[] numbers) {
        boolean inflated = false;
        for (int i = 0; i < numbers.length; i++) {
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
            SampleColumn column = group.columns.get(i);
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

    private void addHead(int ref, SampleColumn column) {
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
    }

    private static boolean isBehind(long first, SampleColumn column) {
        return column.size() == 0 || first > column.timestamp(column.size() - 1);
    }

    @Override
    public void close() {
        PackReader open = reader;
        if (open != null) {
            open.close();
        }
    }
}
