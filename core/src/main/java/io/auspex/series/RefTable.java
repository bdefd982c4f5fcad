package io.auspex.series;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each ref stands for: tenant, stored id, slot in the head. Pages without a living series are dropped, so refs
 * that are never given again cost nothing for long.
 *
 * <p>Written by one thread at a time, which the owner sees to; read by any, where a slot may be stale and is to be
 * checked against the page it names.
 */
final class RefTable {
    /** The ref is not registered. */
    static final int GONE = -2;

    /** The series has no samples in memory. */
    static final int IDLE = -1;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int SHIFT = 12;
    private static final int SIZE = 1 << SHIFT;
    private static final int MASK = SIZE - 1;

    private volatile @Nullable Page[] pages = new Page[4];
    private int next;

    private static final class Page {
        final long[] ids = new long[SIZE];
        final int[] tenants = new int[SIZE];
        final int[] slots = new int[SIZE];
        int living;

        /** Read without a lock, so published as it is written. */
        int slot(int ref) {
            return (int) SLOT.getAcquire(slots, ref & MASK);
        }

        void slot(int ref, int slot) {
            SLOT.setRelease(slots, ref & MASK, slot);
        }
    }

    int add(int tenant, long id) {
        int ref = next;
        if (ref == Integer.MAX_VALUE) {
            throw new IllegalStateException("all refs are given; the server has to be restarted");
        }
        int index = ref >>> SHIFT;
        @Nullable Page[] all = pages;
        if (index == all.length) {
            all = Arrays.copyOf(all, all.length * 2);
        }
        Page page = all[index];
        if (page == null) {
            page = new Page();
            Arrays.fill(page.slots, GONE);
            all[index] = page;
        }
        page.ids[ref & MASK] = id;
        page.tenants[ref & MASK] = tenant;
        page.slot(ref, IDLE);
        page.living++;
        pages = all;
        next = ref + 1;
        return ref;
    }

    void rename(int ref, long id) {
        Page page = page(ref);
        if (page != null) {
            page.ids[ref & MASK] = id;
        }
    }

    void remove(int ref) {
        Page page = page(ref);
        if (page != null && page.slot(ref) != GONE) {
            page.slot(ref, GONE);
            if (--page.living == 0 && (next - 1) >>> SHIFT != ref >>> SHIFT) {
                @Nullable Page[] all = pages;
                all[ref >>> SHIFT] = null;
                pages = all;
            }
        }
    }

    private @Nullable Page page(int ref) {
        @Nullable Page[] all = pages;
        int index = ref >>> SHIFT;
        return index < all.length ? all[index] : null;
    }

    int slot(int ref) {
        Page page = page(ref);
        return page == null ? GONE : page.slot(ref);
    }

    void slot(int ref, int slot) {
        Page page = page(ref);
        if (page != null) {
            page.slot(ref, slot);
        }
    }

    /** The tenant of a ref, 0 when it is not registered. */
    int tenant(int ref) {
        Page page = page(ref);
        return page == null || page.slot(ref) == GONE ? 0 : page.tenants[ref & MASK];
    }

    long id(int ref) {
        Page page = page(ref);
        if (page == null || page.slot(ref) == GONE) {
            throw new IllegalArgumentException("series " + ref + " is not registered");
        }
        return page.ids[ref & MASK];
    }

    long bytes() {
        long total = 0;
        for (Page page : pages) {
            total += page == null ? 4 : 4 + 16L * SIZE + 88;
        }
        return total;
    }
}
