package io.auspex.series.control;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets whoever frees memory wait for readers that began before it was announced.
 *
 * <p>A reader that has noted where history ends and the head begins must find the head as it was then until it is
 * done.
 */
final class ReadEpochs {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    /** Readers of the current epoch and of the one before; older ones have ended or run out of time. */
    private int current;

    private int previous;
    private long epoch;

    /** Begins reading; the result is for {@link #exit}. */
    long enter() {
        lock.lock();
        try {
            current++;
            return epoch;
        } finally {
            lock.unlock();
        }
    }

    void exit(long entered) {
        lock.lock();
        try {
            if (entered == epoch) {
                current--;
            } else if (entered == epoch - 1) {
                previous--;
            }
            if (previous == 0) {
                left.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all who are reading now have ended; at most so long, since a cursor may have been forgotten. */
    boolean awaitReaders(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            epoch++;
            previous = current;
            current = 0;
            long nanos = atMost.toNanos();
            while (previous > 0 && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
            boolean all = previous == 0;
            previous = 0;
            return all;
        } finally {
            lock.unlock();
        }
    }

    int readers() {
        lock.lock();
        try {
            return current + previous;
        } finally {
            lock.unlock();
        }
    }
}
