package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where acknowledged samples lie while PostgreSQL is away: files of this node, written in the order of arrival and
 * forced to the disk before anybody is answered (ADR 027).
 *
 * <p>Callers queue records and block; one thread writes whatever has queued up and forces it, so that the group grows
 * with the load. From the first record until the last one has been replayed the spool is {@link #isActive}: whatever
 * comes meanwhile goes behind it, since the log must see the samples in the order in which they were acknowledged.
 */
final class Spool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Spool.class.getName());
    /** Small enough to be read whole, and to be deleted soon after it was replayed. */
    private static final long FILE_BYTES = 8 << 20;

    private final SpoolSettings settings;
    private final BooleanSupplier memoryFull;
    private final Clock clock;
    private final SpoolFiles files;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private @Nullable Thread writer;
    private boolean writing;
    private boolean closed;
    private long bytes;
    private long oldestMillis;
    /** The last record was refused. */
    private boolean refusing;

    private volatile boolean active;

    private final AtomicLong records = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /** @param memoryFull whether memory has no room for samples that cannot be moved to packs */
    Spool(SpoolSettings settings, BooleanSupplier memoryFull, Clock clock) {
        this.settings = settings;
        this.memoryFull = memoryFull;
        this.clock = clock;
        this.files = new SpoolFiles(settings.directory());
    }

    /** Begins to take records. */
    void start(ThreadFactory threads) {
        Thread thread = threads.newThread(this::writeUntilClosed);
        writer = thread;
        thread.start();
    }

    boolean isEnabled() {
        return settings.bytes() > 0;
    }

    /** Whether there are records that the log does not have. */
    boolean isActive() {
        return active;
    }

    /** Whether records are refused at this moment. */
    boolean isFull() {
        lock.lock();
        try {
            return refusing || obstacle(0) != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes a record and returns when it is on the disk; makes the spool active.
     *
     * @throws AuspexException UNAVAILABLE when the spool is full, off or broken
     */
    void append(byte[] record) {
        Entry entry = enqueue(record);
        lock.lock();
        try {
            while (!entry.decided) {
                entry.done.awaitUninterruptibly();
            }
            if (entry.failure != null) {
                throw new AuspexException(
                        Code.UNAVAILABLE, "neither the database nor the spool takes samples", entry.failure);
            }
        } finally {
            lock.unlock();
        }
    }

    private Entry enqueue(byte[] record) {
        lock.lock();
        try {
            String obstacle = obstacle(record.length);
            refusing = obstacle != null;
            if (obstacle != null) {
                refused.incrementAndGet();
                throw new AuspexException(Code.UNAVAILABLE, obstacle);
            }
            if (!active) {
                active = true;
                oldestMillis = clock.millis();
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the database takes no samples, they go to the spool directory={0}",
                        settings.directory());
            }
            bytes += record.length;
            Entry entry = new Entry(record);
            queue.add(entry);
            notEmpty.signal();
            return entry;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String obstacle(int more) {
        if (closed) {
            return "the server is shutting down";
        }
        if (!isEnabled()) {
            return "the database is not available";
        }
        if (bytes + more > settings.bytes()) {
            return "the database is not available and the spool is full (" + settings.bytes() + " bytes)";
        }
        if (active && clock.millis() - oldestMillis > settings.age().toMillis()) {
            return "the database has not been available for " + settings.age();
        }
        return memoryFull.getAsBoolean() ? "the database is not available and memory is full" : null;
    }

    private void writeUntilClosed() {
        List<Entry> batch = new ArrayList<>();
        while (take(batch)) {
            IOException failure = null;
            try {
                files.write(batch.stream().map(entry -> entry.record).toList());
                records.addAndGet(batch.size());
                if (files.openBytes() >= FILE_BYTES) {
                    files.close();
                }
            } catch (IOException e) {
                failure = e;
                failures.incrementAndGet();
                LOG.log(System.Logger.Level.ERROR, "the spool cannot be written", e);
            }
            decide(batch, failure);
            batch.clear();
        }
        files.close();
    }

    private boolean take(List<Entry> batch) {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (closed) {
                    return false;
                }
                notEmpty.awaitUninterruptibly();
            }
            batch.addAll(queue);
            queue.clear();
            writing = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void decide(List<Entry> batch, @Nullable IOException failure) {
        lock.lock();
        try {
            writing = false;
            for (Entry entry : batch) {
                entry.failure = failure;
                entry.decided = true;
                entry.done.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Files of an earlier process make the spool active from the start. */
    List<Path> left() {
        List<Path> left = closedFiles();
        lock.lock();
        try {
            for (Path file : left) {
                bytes += size(file);
            }
            if (!left.isEmpty() && !active) {
                active = true;
                oldestMillis = clock.millis();
            }
        } finally {
            lock.unlock();
        }
        return left;
    }

    /** The files that can be replayed, oldest first; what is being written ends for that. */
    List<Path> toReplay() {
        List<Path> closed = closedFiles();
        if (closed.isEmpty()) {
            files.close();
            closed = closedFiles();
        }
        return closed;
    }

    private List<Path> closedFiles() {
        try {
            return files.closed();
        } catch (IOException e) {
            throw new AuspexException(Code.INTERNAL, "the spool cannot be read: " + settings.directory(), e);
        }
    }

    /** Drops a file whose records the log has. */
    void replayed(Path file) {
        long size = size(file);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new AuspexException(Code.INTERNAL, "the spool file cannot be deleted: " + file, e);
        }
        lock.lock();
        try {
            bytes -= size;
        } finally {
            lock.unlock();
        }
    }

    /** What the oldest record still to be replayed says of its arrival. */
    void oldest(long millis) {
        lock.lock();
        try {
            oldestMillis = millis;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the detour when nothing is left; says whether it did. */
    boolean end() {
        lock.lock();
        try {
            if (!queue.isEmpty()
                    || writing
                    || files.openBytes() > 0
                    || !closedFiles().isEmpty()) {
                return false;
            }
            bytes = 0; // records whose write failed were counted, too
            refusing = false;
            active = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    Duration age() {
        lock.lock();
        try {
            return active ? Duration.ofMillis(Math.max(0, clock.millis() - oldestMillis)) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    long records() {
        return records.get();
    }

    long refused() {
        return refused.get();
    }

    long failures() {
        return failures.get();
    }

    /** Writes what is queued and refuses further records; what the files hold is replayed by the next process. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            notEmpty.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = writer;
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(30).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A record on its way to the disk. */
    private final class Entry {
        private final byte[] record;
        private final Condition done = lock.newCondition();
        private boolean decided;
        private @Nullable IOException failure;

        private Entry(byte[] record) {
            this.record = record;
        }
    }
}
