package io.auspex.series.control;

import io.auspex.codec.PackWriter;
import io.auspex.series.Head;
import io.auspex.series.PackedColumns;
import io.auspex.series.SampleColumn;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One attempt to bring the head's unwritten samples into packs: read and encode, write, or take everything back. */
final class FlushPass {
    private static final int INSERT_PACKS = 128;

    private final Head head;
    private final SeriesRegistry registry;
    private final FlushMarks marks;
    private final PackStore store;
    private final long number;
    private final long nowMillis;

    private final Map<TenantId, List<PackStore.NewPack>> packs = new HashMap<>();
    private final List<SampleColumn> columns = new ArrayList<>();
    private final SampleColumn slice = new SampleColumn();

    /** What to restore when the pass fails: refs with the mark and the late flag they had. */
    private int[] markedRefs = new int[1024];

    private long[] previousMarks = new long[1024];
    private boolean[] wereLate = new boolean[1024];
    private int marked;

    FlushPass(Head head, SeriesRegistry registry, FlushMarks marks, PackStore store, long number, long nowMillis) {
        this.head = head;
        this.registry = registry;
        this.marks = marks;
        this.store = store;
        this.number = number;
        this.nowMillis = nowMillis;
    }

    /** Encodes everything that no pack has; what comes meanwhile is for the next pass. */
    void read() {
        long[] bySegment = Arrays.stream(head.activeRefs())
                .mapToLong(ref -> registry.segment(ref) << 32 | ref)
                .sorted()
                .toArray();
        try (PackWriter writer = new PackWriter(PackStore.FRAME_MILLIS)) {
            int from = 0;
            for (int i = 1; i <= bySegment.length; i++) {
                if (i == bySegment.length || bySegment[i] >>> 32 != bySegment[from] >>> 32) {
                    packSegments(bySegment, from, i, writer);
                    from = i;
                }
            }
        }
        TreeSet<LocalDate> days = new TreeSet<>();
        packs.values().forEach(list -> list.forEach(pack -> days.add(pack.day())));
        days.forEach(store::createDay);
    }

    /** Marks what a flush will find that another node writes, and packs nothing. */
    void mark() {
        for (int ref : head.activeRefs()) {
            TenantId owner = head.tenant(ref);
            if (owner != null) {
                readUnwritten(owner, ref, column(0));
            }
        }
    }

    /** Two tenants may have segments of one number, when one of them came from a snapshot; a pack is one tenant's. */
    private void packSegments(long[] bySegment, int from, int to, PackWriter writer) {
        TenantId owner = head.tenant((int) bySegment[from]);
        boolean shared =
                Arrays.stream(bySegment, from, to).anyMatch(key -> !Objects.equals(head.tenant((int) key), owner));
        if (!shared) {
            packSegment(bySegment, from, to, writer);
            return;
        }
        Map<Optional<TenantId>, List<Long>> byOwner = Arrays.stream(bySegment, from, to)
                .boxed()
                .collect(Collectors.groupingBy(key -> Optional.ofNullable(head.tenant(key.intValue()))));
        for (List<Long> keys : byOwner.values()) {
            long[] own = keys.stream().mapToLong(Long::longValue).toArray();
            packSegment(own, 0, own.length, writer);
        }
    }

    private void packSegment(long[] bySegment, int from, int to, PackWriter writer) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        TenantId tenant = null;
        for (int i = from; i < to; i++) {
            SampleColumn column = column(i - from);
            int ref = (int) bySegment[i];
            TenantId owner = head.tenant(ref);
            if (owner != null && readUnwritten(owner, ref, column)) {
                tenant = owner;
                first = Math.min(first, column.timestamp(0));
                last = Math.max(last, column.timestamp(column.size() - 1));
            }
        }
        if (tenant == null) {
            return;
        }
        List<PackStore.NewPack> into = packs.computeIfAbsent(tenant, absent -> new ArrayList<>());
        for (long day = day(first); day <= day(last); day++) {
            for (int i = from; i < to; i++) {
                addDay(writer, head.seriesId((int) bySegment[i]), column(i - from), day * PackStore.DAY_MILLIS);
            }
            if (writer.seriesCount() > 0) {
                into.add(PackStore.NewPack.of(bySegment[from] >>> 32, number, writer));
            }
        }
    }

    /** The day of a sample: midnight belongs to the day that it ends. */
    private static long day(long millis) {
        return Math.floorDiv(millis - 1, PackStore.DAY_MILLIS);
    }

    private SampleColumn column(int index) {
        while (columns.size() <= index) {
            columns.add(new SampleColumn());
        }
        return columns.get(index);
    }

    /** The order matters: first the mark, then the read ({@link FlushMarks}). */
    private boolean readUnwritten(TenantId tenant, int ref, SampleColumn into) {
        into.clear();
        long before = marks.flushedTo(ref);
        boolean late = marks.takeLate(ref);
        remember(ref, before, late);
        // all that the log has up to the cut is applied by now; clocks that run ahead put some of it into the future
        boolean future = head.mayHave(ref, nowMillis + 1, Long.MAX_VALUE);
        long to = future ? Long.MAX_VALUE : nowMillis;
        marks.flushedTo(ref, Math.max(before, to));
        long from = late || before == Long.MIN_VALUE ? Long.MIN_VALUE : before + 1;
        boolean any = from <= to && head.read(tenant, ref, from, to, into);
        // down to what was read: a sample that comes next in order is not late, however old its time is
        marks.flushedTo(ref, any ? Math.max(before, into.timestamp(into.size() - 1)) : before);
        return any;
    }

    private void remember(int ref, long mark, boolean late) {
        if (marked == markedRefs.length) {
            markedRefs = Arrays.copyOf(markedRefs, marked * 2);
            previousMarks = Arrays.copyOf(previousMarks, marked * 2);
            wereLate = Arrays.copyOf(wereLate, marked * 2);
        }
        markedRefs[marked] = ref;
        previousMarks[marked] = mark;
        wereLate[marked] = late;
        marked++;
    }

    private void addDay(PackWriter writer, long seriesId, SampleColumn column, long dayStart) {
        int from = column.indexFrom(dayStart + 1);
        int to = column.indexFrom(dayStart + PackStore.DAY_MILLIS + 1);
        if (from == to) {
            return;
        }
        if (from == 0 && to == column.size()) {
            PackedColumns.write(writer, seriesId, column);
            return;
        }
        slice.clear();
        Columns.append(column, from, to, slice);
        PackedColumns.write(writer, seriesId, slice);
    }

    HeadFlush.Outcome write(Connection connection) throws SQLException {
        int count = 0;
        long samples = 0;
        long bytes = 0;
        for (Map.Entry<TenantId, List<PackStore.NewPack>> ofTenant : packs.entrySet()) {
            TenantJdbc.bind(connection, ofTenant.getKey());
            List<PackStore.NewPack> list = ofTenant.getValue();
            for (int from = 0; from < list.size(); from += INSERT_PACKS) {
                List<PackStore.NewPack> batch = list.subList(from, Math.min(from + INSERT_PACKS, list.size()));
                PackStore.insert(connection, ofTenant.getKey(), PackStore.FLUSHED, batch);
            }
            count += list.size();
            for (PackStore.NewPack pack : list) {
                samples += pack.samples();
                bytes += pack.data().length;
            }
        }
        return new HeadFlush.Outcome(count, samples, bytes);
    }

    void undo() {
        for (int i = 0; i < marked; i++) {
            marks.flushedTo(markedRefs[i], previousMarks[i]);
            if (wereLate[i]) {
                marks.markLate(markedRefs[i]);
            }
        }
    }
}
