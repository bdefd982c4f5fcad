package io.auspex.ingest;

import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What becomes of series before they are looked up: other labels, or nothing. Remembered by the identity under which a
 * sender names the series, so that rules run once for each.
 *
 * <p>Bounded: when it is full, what was not asked for since it was half full is forgotten. Thread-safe.
 */
public final class SeriesRewrites {
    /** The series has not been seen. */
    static final int UNKNOWN = 0;

    static final int KEPT = 1;
    static final int DROPPED = 2;

    private static final int FIRST = 1 << 8;

    private final Function<Labels, Optional<Labels>> change;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private Generation young = new Generation(FIRST);
    private Generation old = new Generation(FIRST);

    /** @param most series that are remembered in each of two generations */
    public SeriesRewrites(Function<Labels, Optional<Labels>> change, int most) {
        this.change = change;
        this.most = most;
    }

    /** Open addressing; four numbers an entry: the identity that is sent, and the one that is stored. */
    private static final class Generation {
        private long[] entries;
        private byte[] states;
        private int size;

        Generation(int capacity) {
            entries = new long[4 * capacity];
            states = new byte[capacity];
        }

        int slot(long high, long low) {
            int mask = states.length - 1;
            int at = (int) low & mask;
            while (states[at] != UNKNOWN && (entries[4 * at] != high || entries[4 * at + 1] != low)) {
                at = (at + 1) & mask;
            }
            return at;
        }

        void put(long high, long low, int state, long newHigh, long newLow) {
            if (2 * (size + 1) > states.length) {
                grow();
            }
            int at = slot(high, low);
            size += states[at] == UNKNOWN ? 1 : 0;
            states[at] = (byte) state;
            entries[4 * at] = high;
            entries[4 * at + 1] = low;
            entries[4 * at + 2] = newHigh;
            entries[4 * at + 3] = newLow;
        }

        private void grow() {
            long[] were = entries;
            byte[] had = states;
            entries = new long[were.length * 2];
            states = new byte[had.length * 2];
            size = 0;
            for (int i = 0; i < had.length; i++) {
                if (had[i] != UNKNOWN) {
                    put(were[4 * i], were[4 * i + 1], had[i], were[4 * i + 2], were[4 * i + 3]);
                }
            }
        }
    }

    /**
     * Replaces the identities of {@code [0, count)} by those of the series that they are stored as, and tells of each
     * whether it is {@link #KEPT}, {@link #DROPPED} or {@link #UNKNOWN}.
     */
    void find(long[] highs, long[] lows, int count, byte[] states) {
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                states[i] = (byte) find(highs, lows, i);
            }
        } finally {
            lock.unlock();
        }
    }

    private int find(long[] highs, long[] lows, int at) {
        long high = highs[at];
        long low = lows[at];
        Generation in = young;
        int slot = in.slot(high, low);
        if (in.states[slot] == UNKNOWN) {
            in = old;
            slot = in.slot(high, low);
            if (in.states[slot] != UNKNOWN) {
                remember(high, low, in.states[slot], in.entries[4 * slot + 2], in.entries[4 * slot + 3]);
            }
        }
        if (in.states[slot] == KEPT) {
            highs[at] = in.entries[4 * slot + 2];
            lows[at] = in.entries[4 * slot + 3];
        }
        return in.states[slot];
    }

    private void remember(long high, long low, int state, long newHigh, long newLow) {
        if (young.size >= most) {
            old = young;
            young = new Generation(FIRST);
        }
        young.put(high, low, state, newHigh, newLow);
    }

    /** The labels under which a series is stored; nothing when it is dropped. */
    Optional<Labels> apply(Labels labels) {
        return change.apply(labels);
    }

    /** Remembers what {@link #apply} said of the series that is sent under an identity. */
    void learn(long high, long low, Optional<SeriesIdentity> stored) {
        lock.lock();
        try {
            remember(
                    high,
                    low,
                    stored.isPresent() ? KEPT : DROPPED,
                    stored.map(SeriesIdentity::high).orElse(0L),
                    stored.map(SeriesIdentity::low).orElse(0L));
        } finally {
            lock.unlock();
        }
    }

    /** Series that are remembered at this moment. */
    int size() {
        lock.lock();
        try {
            return young.size + old.size;
        } finally {
            lock.unlock();
        }
    }
}
