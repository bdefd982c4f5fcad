package io.auspex.series.control;

import io.auspex.series.SampleColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Groups of series that are decoded in the order in which they are read, by the reader itself and, when one is to be
 * had, by a helper that works a few groups ahead. Whoever waits for the other takes the next open group instead.
 *
 * <p>One reader; what it is handed is the same with and without helper.
 */
final class DecodeAhead implements AutoCloseable {
    /** How many groups may be decoded beyond the one that is read. */
    static final int AHEAD = 3;

    /** Groups of more samples are left to the reader, so that few of them lie in memory at a time. */
    static final long MOST_SAMPLES = 1 << 17;

    /** Never helps. */
    static final Executor NOBODY = task -> {
        throw new RejectedExecutionException("no processor to spare");
    };

    /** After so long without work a helper goes, in case that the reader was forgotten. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final SeriesGroup[] groups;
    private final Supplier<GroupDecoder> decoders;
    private final GroupDecoder own;
    private final List<List<SampleColumn>> ahead = new ArrayList<>();
    private final List<SampleColumn> current = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int reading = -1;
    private int ready;
    private int firstOpen;
    private boolean closed;
    private boolean helping;

    DecodeAhead(SeriesGroup[] groups, Supplier<GroupDecoder> decoders) {
        this.groups = groups;
        this.decoders = decoders;
        this.own = decoders.get();
        for (int i = 0; i <= AHEAD; i++) {
            ahead.add(new ArrayList<>());
        }
    }

    /** Says that the packs of all groups before a number are there. */
    void ready(int groupsReady) {
        lock.lock();
        try {
            ready = groupsReady;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets an executor help, which refuses when it has no thread free. */
    void help(Executor helpers) {
        lock.lock();
        try {
            if (!helping && !closed) {
                helpers.execute(this::runHelper);
                helping = true;
            }
        } catch (RejectedExecutionException e) {
            // all are busy, so there is nothing to be gained
        } finally {
            lock.unlock();
        }
    }

    /** A group with its columns filled, which stay until the next call. Numbers ascend. */
    SeriesGroup await(int number) {
        SeriesGroup group = groups[number];
        for (int next = claim(number); next >= 0; next = claim(number)) {
            decode(groups[next], own);
        }
        if (group.failure instanceof RuntimeException thrown) {
            throw thrown;
        } else if (group.failure instanceof Error thrown) {
            throw thrown;
        }
        return group;
    }

    /** What the reader is to decode next for a group to be there in the end; -1 when it is. */
    private int claim(int number) {
        lock.lock();
        try {
            reading = number;
            changed.signalAll();
            while (!groups[number].decoded) {
                if (!groups[number].claimed) {
                    return take(number, current);
                }
                int next = open();
                if (next >= 0) {
                    return take(next, ahead.get(next % ahead.size()));
                }
                changed.awaitUninterruptibly();
            }
            return -1;
        } finally {
            lock.unlock();
        }
    }

    /** The first group behind the one that is read that nobody decodes yet and that may be; -1 when there is none. */
    private int open() {
        while (firstOpen < groups.length && groups[firstOpen].claimed) {
            firstOpen++;
        }
        int end = Math.min(ready, reading + 1 + AHEAD);
        for (int i = Math.max(firstOpen, reading + 1); i < end; i++) {
            if (!groups[i].claimed && groups[i].packedSamples <= MOST_SAMPLES) {
                return i;
            }
        }
        return -1;
    }

    private int take(int number, List<SampleColumn> columns) {
        groups[number].claimed = true;
        groups[number].columns = columns;
        return number;
    }

    private void decode(SeriesGroup group, GroupDecoder decoder) {
        Throwable failure = null;
        try {
            decoder.decode(group);
        } catch (RuntimeException | Error e) {
            failure = e; // the reader throws it when it comes to this group
        }
        lock.lock();
        try {
            group.packs = List.of();
            group.failure = failure;
            group.decoded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void runHelper() {
        try (GroupDecoder decoder = decoders.get()) {
            for (int next = nextForHelper(); next >= 0; next = nextForHelper()) {
                decode(groups[next], decoder);
            }
        } finally {
            lock.lock();
            try {
                helping = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private int nextForHelper() {
        lock.lock();
        try {
            long nanos = PATIENCE_NANOS;
            while (!closed && nanos > 0) {
                int next = open();
                if (next >= 0) {
                    return take(next, ahead.get(next % ahead.size()));
                }
                if (firstOpen == groups.length) {
                    return -1;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the helper has left, then gives memory back. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (helping) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        own.close();
    }
}
