package io.auspex.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of {@link #SLOTS} series in primitive arrays. Every method wants the page's monitor held.
 *
 * <p>The raw tails lie scrape by scrape, not series by series: neighbours advance together, so one scrape writes
 * neighbouring words.
 */
final class HeadPage {
    static final int SHIFT = 8;
    static final int SLOTS = 1 << SHIFT;
    static final int MASK = SLOTS - 1;
    static final int TAIL = SealedChunks.SMALL;

    /** Beyond this many late samples of one series, they are folded into its chunks. */
    private static final int MOST_LATE = 256;

    private static final int FREE = -1;

    private final int[] refs = new int[SLOTS];
    private final long[] base = new long[SLOTS];
    private final long[] last = new long[SLOTS];
    private final byte[] counts = new byte[SLOTS];
    private final int[] tailTimes = new int[SLOTS * TAIL];
    private final double[] tailValues = new double[SLOTS * TAIL];
    private final byte[] @Nullable [] sealed = new byte[SLOTS][];
    private @Nullable LateSamples @Nullable [] late;
    private long sealedBytes;

    HeadPage() {
        Arrays.fill(refs, FREE);
    }

    int ref(int slot) {
        return refs[slot];
    }

    void take(int slot, int ref) {
        refs[slot] = ref;
        counts[slot] = 0;
        last[slot] = Long.MIN_VALUE;
    }

    void free(int slot) {
        refs[slot] = FREE;
        counts[slot] = 0;
        setSealed(slot, null);
        if (late != null) {
            late[slot] = null;
        }
    }

    Verdict append(int slot, long timestamp, double value, HeadScratch scratch) {
        if (timestamp <= last[slot]) {
            return appendLate(slot, timestamp, value, scratch);
        }
        int count = counts[slot];
        if (count == 0) {
            base[slot] = timestamp;
        } else if (count == TAIL || !near(base[slot], timestamp)) {
            seal(slot, scratch);
            base[slot] = timestamp;
            count = 0;
        }
        int at = count << SHIFT | slot;
        tailTimes[at] = (int) (timestamp - base[slot]);
        tailValues[at] = value;
        counts[slot] = (byte) (count + 1);
        last[slot] = timestamp;
        return Verdict.ACCEPTED;
    }

    /** Whether a later time can be kept as an int beside an earlier one; not so when a sender makes up times. */
    private static boolean near(long earlier, long later) {
        long distance = later - earlier;
        return distance >= 0 && distance <= Integer.MAX_VALUE;
    }

    private Verdict appendLate(int slot, long timestamp, double value, HeadScratch scratch) {
        LateSamples here = late == null ? null : late[slot];
        if (here != null && here.findHistogram(timestamp) >= 0) {
            return Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE;
        }
        int found = -1;
        if (here != null) {
            found = here.find(timestamp);
            if (found >= 0) {
                return same(here.values[found], value);
            }
        }
        SampleColumn before = scratch.column;
        before.clear();
        inOrder(slot, timestamp, timestamp, scratch, before);
        if (before.size() > 0) {
            return same(before.value(0), value);
        }
        LateSamples into = late(slot);
        into.insert(found, timestamp, value);
        if (into.count > MOST_LATE) {
            fold(slot, into, scratch);
        }
        return Verdict.ACCEPTED;
    }

    private static Verdict same(double there, double offered) {
        return Double.doubleToRawLongBits(there) == Double.doubleToRawLongBits(offered)
                ? Verdict.DUPLICATE
                : Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE;
    }

    Verdict append(int slot, long timestamp, NativeHistogram histogram, HeadScratch scratch) {
        LateSamples into = late(slot);
        int found = into.findHistogram(timestamp);
        if (found >= 0) {
            return into.histograms[found].equals(histogram)
                    ? Verdict.DUPLICATE
                    : Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE;
        }
        if (timestamp <= last[slot]) {
            SampleColumn before = scratch.column;
            before.clear();
            inOrder(slot, timestamp, timestamp, scratch, before);
            if (before.size() > 0 || into.find(timestamp) >= 0) {
                return Verdict.DUPLICATE_TIMESTAMP_DIFFERENT_VALUE;
            }
        } else {
            last[slot] = timestamp;
        }
        into.insert(found, timestamp, histogram);
        return Verdict.ACCEPTED;
    }

    private LateSamples late(int slot) {
        if (late == null) {
            late = new LateSamples[SLOTS];
        }
        LateSamples here = late[slot];
        if (here == null) {
            here = new LateSamples();
            late[slot] = here;
        }
        return here;
    }

    private void seal(int slot, HeadScratch scratch) {
        SampleColumn tail = scratch.column;
        tail.clear();
        readTail(slot, Long.MIN_VALUE, Long.MAX_VALUE, tail);
        setSealed(slot, SealedChunks.append(sealed[slot], tail, scratch));
        counts[slot] = 0;
    }

    private void setSealed(int slot, byte @Nullable [] bytes) {
        sealedBytes += size(bytes) - size(sealed[slot]);
        sealed[slot] = bytes;
    }

    /** What an array takes on the heap: header, bytes, rounded up to eight. */
    private static long size(byte @Nullable [] bytes) {
        return bytes == null ? 0 : (16L + bytes.length + 7) & ~7L;
    }

    /** Adds what lies in {@code [from, to]} to a column. */
    void read(int slot, long from, long to, HeadScratch scratch, SampleColumn into) {
        int start = into.size();
        inOrder(slot, from, to, scratch, into);
        LateSamples here = late == null ? null : late[slot];
        if (here != null && here.overlaps(from, to)) {
            here.merge(from, to, start, into);
        }
    }

    private void inOrder(int slot, long from, long to, HeadScratch scratch, SampleColumn into) {
        byte[] chunks = sealed[slot];
        if (chunks != null && (counts[slot] == 0 || from < base[slot])) {
            SealedChunks.read(chunks, from, to, scratch, into);
        }
        readTail(slot, from, to, into);
    }

    private void readTail(int slot, long from, long to, SampleColumn into) {
        int count = counts[slot];
        if (count == 0 || to < base[slot] || from > last[slot]) {
            return;
        }
        long start = base[slot];
        for (int i = 0; i < count; i++) {
            long timestamp = start + tailTimes[i << SHIFT | slot];
            if (timestamp >= from && timestamp <= to) {
                into.append(timestamp, tailValues[i << SHIFT | slot]);
            }
        }
    }

    boolean mayHave(int slot, long from, long to, HeadScratch scratch) {
        LateSamples here = late == null ? null : late[slot];
        if (here != null && here.overlaps(from, to)) {
            return true;
        }
        byte[] chunks = sealed[slot];
        if (chunks == null && counts[slot] == 0) {
            return false;
        }
        long first = chunks == null ? base[slot] : SealedChunks.firstTime(chunks, scratch.in);
        return first <= to && last[slot] >= from;
    }

    /** Adds what a slot holds in order to an extent: its first and last time and its chunks, the raw tail as one. */
    void extent(int slot, HeadScratch scratch, HeadExtent into) {
        byte[] chunks = sealed[slot];
        if (chunks == null && counts[slot] == 0) {
            return;
        }
        long first = chunks == null ? base[slot] : SealedChunks.firstTime(chunks, scratch.in);
        int count = chunks == null ? 0 : SealedChunks.count(chunks, scratch.in);
        into.add(first, last[slot], count + (counts[slot] > 0 ? 1 : 0));
    }

    /** Drops what a flush has stored, keeps what came later into the flushed time. */
    void release(int slot, long to, SampleColumn flushed, HeadScratch scratch) {
        SampleColumn present = scratch.column;
        present.clear();
        read(slot, Long.MIN_VALUE, to, scratch, present);
        LateSamples missed = present.size() == flushed.size() ? null : missing(present, flushed);
        SampleColumn rest = new SampleColumn(SealedChunks.MAX_SAMPLES);
        if (to < Long.MAX_VALUE) {
            inOrder(slot, to + 1, Long.MAX_VALUE, scratch, rest);
        }
        rebuild(slot, rest, scratch);
        LateSamples here = late == null ? null : late[slot];
        if (here != null) {
            here.dropUpTo(to);
        }
        if (missed != null) {
            addAll(late(slot), missed);
        }
        if (late != null && late[slot] != null && late(slot).isEmpty()) {
            late[slot] = null;
        }
    }

    private static LateSamples missing(SampleColumn present, SampleColumn flushed) {
        LateSamples missed = new LateSamples();
        int at = 0;
        for (int i = 0; i < present.size(); i++) {
            long timestamp = present.timestamp(i);
            while (at < flushed.size() && flushed.timestamp(at) < timestamp) {
                at++;
            }
            if (at < flushed.size() && flushed.timestamp(at) == timestamp) {
                continue;
            }
            NativeHistogram histogram = present.histogram(i);
            if (histogram == null) {
                missed.insert(missed.find(timestamp), timestamp, present.value(i));
            } else {
                missed.insert(missed.findHistogram(timestamp), timestamp, histogram);
            }
        }
        return missed;
    }

    private static void addAll(LateSamples into, LateSamples missed) {
        for (int i = 0; i < missed.count; i++) {
            into.insert(into.find(missed.times[i]), missed.times[i], missed.values[i]);
        }
        for (int i = 0; i < missed.histogramCount; i++) {
            long timestamp = missed.histogramTimes[i];
            into.insert(into.findHistogram(timestamp), timestamp, missed.histograms[i]);
        }
    }

    /** Brings late floats into order: the series is written anew, tail and chunks. */
    private void fold(int slot, LateSamples here, HeadScratch scratch) {
        SampleColumn all = new SampleColumn(1024);
        inOrder(slot, Long.MIN_VALUE, Long.MAX_VALUE, scratch, all);
        LateSamples floats = new LateSamples();
        floats.times = here.times;
        floats.values = here.values;
        floats.count = here.count;
        floats.merge(Long.MIN_VALUE, Long.MAX_VALUE, 0, all);
        here.times = new long[0];
        here.values = new double[0];
        here.count = 0;
        rebuild(slot, all, scratch);
    }

    /** Makes these the series' samples in order, without touching late ones or the last timestamp. */
    private void rebuild(int slot, SampleColumn samples, HeadScratch scratch) {
        int size = samples.size();
        int inTail = size == 0 ? 0 : 1 + (size - 1) % TAIL;
        while (inTail > 1 && !near(samples.timestamp(size - inTail), samples.timestamp(size - 1))) {
            inTail--;
        }
        long[] times = Arrays.copyOfRange(samples.timestamps(), size - inTail, size);
        double[] values = Arrays.copyOfRange(samples.values(), size - inTail, size);
        samples.resize(size - inTail);
        setSealed(slot, samples.size() == 0 ? null : SealedChunks.append(null, samples, scratch));
        counts[slot] = (byte) inTail;
        for (int i = 0; i < inTail; i++) {
            base[slot] = times[0];
            tailTimes[i << SHIFT | slot] = (int) (times[i] - times[0]);
            tailValues[i << SHIFT | slot] = values[i];
        }
    }

    boolean isEmpty(int slot) {
        LateSamples here = late == null ? null : late[slot];
        return counts[slot] == 0 && sealed[slot] == null && (here == null || here.isEmpty());
    }

    int active() {
        int active = 0;
        for (int ref : refs) {
            active += ref == FREE ? 0 : 1;
        }
        return active;
    }

    long bytes() {
        long total = 96 + SLOTS * (4L + 8 + 8 + 1 + 4) + SLOTS * TAIL * 12L + 7 * 16 + sealedBytes;
        if (late != null) {
            total += 4L * SLOTS;
            for (LateSamples here : late) {
                total += here == null ? 0 : here.bytes();
            }
        }
        return total;
    }
}
