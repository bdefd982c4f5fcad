package io.auspex.series;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One tenant's map from the 128-bit identity of a label set ({@link SeriesIdentity}) to the ref of the series.
 *
 * <p>Looks series up in the order in which they were sent before: each entry remembers which one followed it, so a
 * steady sender costs no probing. Thread-safe: many readers, one writer.
 */
public final class SeriesMap {
    private static final int NONE = -1;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private long[] highs = new long[8];
    private long[] lows = new long[8];

    /** The ref of each entry, {@link #NONE} where the entry is free. */
    private int[] refs = new int[8];

    /**
     * Which entry followed this one the last time. A guess that is checked: readers write it without exclusion, and
     * whatever stands there is right or costs one probe.
     */
    private int[] followers = new int[8];

    private int used;
    private int free = NONE;
    private int size;

    /** Open addressing; entry plus one, 0 where empty. */
    private int[] table = new int[16];

    /** Writes the ref of each identity in {@code [from, to)}, -1 where there is none. */
    public void find(long[] high, long[] low, int from, int to, int[] into) {
        lock.readLock().lock();
        try {
            int previous = NONE;
            for (int i = from; i < to; i++) {
                int guess = previous == NONE ? 0 : followers[previous];
                if (guess < 0
                        || guess >= used
                        || highs[guess] != high[i]
                        || lows[guess] != low[i]
                        || refs[guess] == NONE) {
                    guess = entry(high[i], low[i]);
                    if (previous != NONE && guess != NONE) {
                        followers[previous] = guess;
                    }
                }
                into[i] = guess == NONE ? NONE : refs[guess];
                previous = guess == NONE ? previous : guess;
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The ref of one identity, -1 when there is none. */
    public int find(long high, long low) {
        lock.readLock().lock();
        try {
            int entry = entry(high, low);
            return entry == NONE ? NONE : refs[entry];
        } finally {
            lock.readLock().unlock();
        }
    }

    private int entry(long high, long low) {
        int mask = table.length - 1;
        for (int at = (int) low & mask; ; at = (at + 1) & mask) {
            int entry = table[at] - 1;
            if (entry < 0 || (lows[entry] == low && highs[entry] == high)) {
                return entry;
            }
        }
    }

    /** Adds an identity, or returns the ref that it has already. */
    public int putIfAbsent(long high, long low, int ref) {
        lock.writeLock().lock();
        try {
            int entry = entry(high, low);
            if (entry != NONE) {
                return refs[entry];
            }
            add(high, low, ref);
            return ref;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void add(long high, long low, int ref) {
        if ((size + 1) * 3L > table.length * 2L) {
            rehash(table.length * 2);
        }
        int entry = free;
        if (entry == NONE) {
            entry = used++;
            grow();
        } else {
            free = followers[entry];
        }
        highs[entry] = high;
        lows[entry] = low;
        refs[entry] = ref;
        followers[entry] = entry + 1;
        insert(entry);
        size++;
    }

    private void grow() {
        if (used > highs.length) {
            // Small tenants double; large ones keep the slack at an eighth.
            int grown = highs.length < 1 << 14 ? highs.length * 2 : highs.length + (highs.length >> 3);
            highs = Arrays.copyOf(highs, grown);
            lows = Arrays.copyOf(lows, grown);
            refs = Arrays.copyOf(refs, grown);
            followers = Arrays.copyOf(followers, grown);
        }
    }

    private void insert(int entry) {
        int mask = table.length - 1;
        int at = (int) lows[entry] & mask;
        while (table[at] != 0) {
            at = (at + 1) & mask;
        }
        table[at] = entry + 1;
    }

    private void rehash(int length) {
        table = new int[length];
        for (int entry = 0; entry < used; entry++) {
            if (refs[entry] != NONE) {
                insert(entry);
            }
        }
    }

    public void remove(long high, long low) {
        lock.writeLock().lock();
        try {
            int mask = table.length - 1;
            int at = (int) low & mask;
            while (table[at] != 0 && (lows[table[at] - 1] != low || highs[table[at] - 1] != high)) {
                at = (at + 1) & mask;
            }
            int entry = table[at] - 1;
            if (entry >= 0) {
                close(at);
                refs[entry] = NONE;
                followers[entry] = free;
                free = entry;
                size--;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Empties a place and moves those behind it up, so that no search ends too early (Knuth 6.4, algorithm R). */
    private void close(int place) {
        int mask = table.length - 1;
        int hole = place;
        for (int at = (hole + 1) & mask; table[at] != 0; at = (at + 1) & mask) {
            int home = (int) lows[table[at] - 1] & mask;
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                table[hole] = table[at];
                hole = at;
            }
        }
        table[hole] = 0;
    }

    public int size() {
        lock.readLock().lock();
        try {
            return size;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Bytes of heap held, as computed from the layout. */
    public long bytes() {
        lock.readLock().lock();
        try {
            return 24L * highs.length + 4L * table.length + 200;
        } finally {
            lock.readLock().unlock();
        }
    }
}
