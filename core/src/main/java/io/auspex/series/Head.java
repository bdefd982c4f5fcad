package io.auspex.series;

import io.auspex.tenancy.TenantId;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The recent samples of all series of all tenants, in memory.
 *
 * <p>A series is known by its ref: an int given by {@link #register}, unique over all tenants, never given twice
 * while the process runs. Memory is outside row-level security, so whoever reads says for which tenant, and a ref of
 * another tenant is refused with {@link IllegalArgumentException}.
 *
 * <p>Per series the last samples lie raw, older ones in sealed chunks that are skipped by time; late samples and
 * native histograms beside them. Registered series without samples take a few bytes; the first sample takes a slot,
 * {@link #release} gives it back. Thread-safe; series share a lock in pages.
 */
public final class Head {
    /** Guards {@link #table}, {@link #pages} and the free slots; taken before a page's monitor, never after. */
    private final Object slots = new Object();

    private final RefTable table = new RefTable();
    private volatile HeadPage[] pages = {};
    private int[] freeSlots = new int[HeadPage.SLOTS];
    private int freeCount;
    /** As many as threads were ever at work at once. */
    private final ConcurrentLinkedQueue<HeadScratch> scratches = new ConcurrentLinkedQueue<>();

    /** Gives a series its ref. The caller sees to it that a series is registered once. */
    public int register(TenantId tenant, long seriesId) {
        synchronized (slots) {
            return table.add(tenant.value(), seriesId);
        }
    }

    /** Forgets a series and its samples; samples still on their way get {@link Verdict#SERIES_GONE}. */
    public void unregister(int ref) {
        synchronized (slots) {
            int slot = table.slot(ref);
            table.remove(ref);
            if (slot >= 0) {
                HeadPage page = page(slot);
                synchronized (page) {
                    giveBack(page, slot);
                }
            }
        }
    }

    /** As {@link #unregister}, but only of a series without samples in memory; says whether it is gone now. */
    public boolean unregisterIdle(int ref) {
        synchronized (slots) {
            if (table.slot(ref) >= 0) {
                return false;
            }
            table.remove(ref);
            return true;
        }
    }

    /** The stored id of a series. */
    public long seriesId(int ref) {
        return table.id(ref);
    }

    /** Gives a series another stored id: somebody else was first to store it. */
    public void rename(int ref, long seriesId) {
        synchronized (slots) {
            table.rename(ref, seriesId);
        }
    }

    /** The tenant of a series; null when it is not registered. */
    public @Nullable TenantId tenant(int ref) {
        int tenant = table.tenant(ref);
        return tenant == 0 ? null : new TenantId(tenant);
    }

    /**
     * Offers {@code count} float samples and writes a {@link Verdict} code for each. Refs that follow each other in
     * pages are cheapest, which is the order in which series were registered.
     *
     * @return how many were {@link Verdict#ACCEPTED}
     */
    public int append(int[] refs, long[] timestamps, double[] values, int count, AppendWindow window, byte[] verdicts) {
        HeadScratch scratch = acquire();
        int accepted = 0;
        int i = 0;
        while (i < count) {
            int slot = slotFor(refs[i]);
            if (slot < 0) {
                verdicts[i++] = Verdict.SERIES_GONE.code();
                continue;
            }
            HeadPage page = page(slot);
            synchronized (page) {
                for (; i < count; i++) {
                    int next = table.slot(refs[i]);
                    if (next >>> HeadPage.SHIFT != slot >>> HeadPage.SHIFT
                            || page.ref(next & HeadPage.MASK) != refs[i]) {
                        break;
                    }
                    Verdict verdict = outside(timestamps[i], window);
                    if (verdict == Verdict.ACCEPTED) {
                        verdict = page.append(next & HeadPage.MASK, timestamps[i], values[i], scratch);
                        accepted += verdict == Verdict.ACCEPTED ? 1 : 0;
                    }
                    verdicts[i] = verdict.code();
                }
            }
        }
        giveBack(scratch);
        return accepted;
    }

    private static Verdict outside(long timestamp, AppendWindow window) {
        return timestamp < window.oldestMillis()
                ? Verdict.TOO_OLD
                : timestamp > window.newestMillis() ? Verdict.TOO_FAR_IN_FUTURE : Verdict.ACCEPTED;
    }

    /** Offers one float sample. */
    public Verdict append(int ref, long timestamp, double value, AppendWindow window) {
        byte[] verdict = new byte[1];
        append(new int[] {ref}, new long[] {timestamp}, new double[] {value}, 1, window, verdict);
        return Verdict.of(verdict[0]);
    }

    /** Offers one native histogram sample. */
    public Verdict append(int ref, long timestamp, NativeHistogram histogram, AppendWindow window) {
        Verdict outside = outside(timestamp, window);
        if (outside != Verdict.ACCEPTED) {
            return outside;
        }
        HeadScratch scratch = acquire();
        try {
            while (true) {
                int slot = slotFor(ref);
                if (slot < 0) {
                    return Verdict.SERIES_GONE;
                }
                HeadPage page = page(slot);
                synchronized (page) {
                    if (page.ref(slot & HeadPage.MASK) == ref) {
                        return page.append(slot & HeadPage.MASK, timestamp, histogram, scratch);
                    }
                }
            }
        } finally {
            giveBack(scratch);
        }
    }

    /**
     * Adds the samples of a series in {@code [fromMillis, toMillis]}, both inclusive, to a column, in order of time
     * and without duplicates.
     *
     * @return whether there were any
     */
    public boolean read(TenantId tenant, int ref, long fromMillis, long toMillis, SampleColumn into) {
        requireTenant(tenant, ref);
        int before = into.size();
        withSlot(ref, (page, slot, scratch) -> {
            page.read(slot, fromMillis, toMillis, scratch, into);
            return true;
        });
        return into.size() > before;
    }

    /** Whether {@code [fromMillis, toMillis]} may hold samples of a series in memory. */
    public boolean mayHave(int ref, long fromMillis, long toMillis) {
        return withSlot(ref, (page, slot, scratch) -> page.mayHave(slot, fromMillis, toMillis, scratch));
    }

    /** Adds what the head holds of a series to an extent. */
    public void extent(int ref, HeadExtent into) {
        withSlot(ref, (page, slot, scratch) -> {
            page.extent(slot, scratch, into);
            return true;
        });
    }

    /**
     * Drops the samples of a series up to {@code toMillis} that a flush has stored elsewhere.
     *
     * @param flushed what {@link #read} gave for {@code (-inf, toMillis]} and the flush stored; samples that came
     *     later into that time stay for the next flush
     */
    public void release(int ref, long toMillis, SampleColumn flushed) {
        boolean empty = withSlot(ref, (page, slot, scratch) -> {
            page.release(slot, toMillis, flushed, scratch);
            return page.isEmpty(slot);
        });
        if (empty) {
            giveBackIfEmpty(ref);
        }
    }

    private void giveBackIfEmpty(int ref) {
        synchronized (slots) {
            int slot = table.slot(ref);
            if (slot >= 0) {
                HeadPage page = page(slot);
                synchronized (page) {
                    if (page.isEmpty(slot & HeadPage.MASK)) {
                        table.slot(ref, RefTable.IDLE);
                        giveBack(page, slot);
                    }
                }
            }
        }
    }

    private void giveBack(HeadPage page, int slot) {
        page.free(slot & HeadPage.MASK);
        if (freeCount == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
        }
        freeSlots[freeCount++] = slot;
    }

    /** All refs with samples in memory, ascending. */
    public int[] activeRefs() {
        int[] refs = new int[pages.length * HeadPage.SLOTS];
        int count = 0;
        for (HeadPage page : pages) {
            synchronized (page) {
                for (int slot = 0; slot < HeadPage.SLOTS && count < refs.length; slot++) {
                    if (page.ref(slot) >= 0) {
                        refs[count++] = page.ref(slot);
                    }
                }
            }
        }
        Arrays.sort(refs, 0, count);
        return Arrays.copyOf(refs, count);
    }

    /** Series with samples in memory. */
    public int activeSeries() {
        synchronized (slots) {
            return pages.length * HeadPage.SLOTS - freeCount;
        }
    }

    /** Bytes of heap held, as computed from the layout. */
    public long bytes() {
        long total = table.bytes();
        for (HeadPage page : pages) {
            synchronized (page) {
                total += page.bytes();
            }
        }
        return total;
    }

    private void requireTenant(TenantId tenant, int ref) {
        if (table.tenant(ref) != tenant.value()) {
            throw new IllegalArgumentException("series " + ref + " is not one of tenant " + tenant);
        }
    }

    private HeadPage page(int slot) {
        return pages[slot >>> HeadPage.SHIFT];
    }

    /** The slot of a series, taken now when it has none; negative when the series is gone. */
    private int slotFor(int ref) {
        int slot = table.slot(ref);
        if (slot >= 0 && page(slot).ref(slot & HeadPage.MASK) == ref) {
            return slot;
        }
        synchronized (slots) {
            slot = table.slot(ref);
            if (slot != RefTable.IDLE) {
                return slot;
            }
            if (freeCount == 0) {
                addPage();
            }
            slot = freeSlots[--freeCount];
            HeadPage page = page(slot);
            synchronized (page) {
                page.take(slot & HeadPage.MASK, ref);
            }
            table.slot(ref, slot);
            return slot;
        }
    }

    private void addPage() {
        int first = pages.length * HeadPage.SLOTS;
        HeadPage[] grown = Arrays.copyOf(pages, pages.length + 1);
        grown[pages.length] = new HeadPage();
        pages = grown;
        // Pushed downwards, so that slots are taken in the order of series.
        for (int slot = first + HeadPage.SLOTS - 1; slot >= first; slot--) {
            freeSlots[freeCount++] = slot;
        }
    }

    /** Work on one slot under its page's monitor. */
    private interface SlotWork {
        boolean apply(HeadPage page, int slot, HeadScratch scratch);
    }

    /** Runs work on a series' slot; false when it has none. */
    private boolean withSlot(int ref, SlotWork work) {
        int slot = table.slot(ref);
        if (slot < 0) {
            return false;
        }
        HeadScratch scratch = acquire();
        try {
            HeadPage page = page(slot);
            synchronized (page) {
                return page.ref(slot & HeadPage.MASK) == ref && work.apply(page, slot & HeadPage.MASK, scratch);
            }
        } finally {
            giveBack(scratch);
        }
    }

    private HeadScratch acquire() {
        HeadScratch scratch = scratches.poll();
        return scratch == null ? new HeadScratch() : scratch;
    }

    private void giveBack(HeadScratch scratch) {
        scratches.offer(scratch);
    }
}
