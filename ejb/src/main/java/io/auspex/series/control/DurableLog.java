package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The durability point: samples count as taken once the transaction with their log rows is committed, never before.
 *
 * <p>Callers queue encoded rows and block; committers, each with a connection of its own, take whatever has queued
 * up meanwhile and commit it as one transaction over all tenants. So the group grows with the load by itself and
 * nobody waits on purpose.
 *
 * <p>Rows go to one table of a ring, which {@link #rotate} changes. Cuts divide them into generations, so that whoever
 * flushes can wait until all rows up to a cut have been applied.
 */
final class DurableLog implements AutoCloseable {
    /** Tables of the ring; as in the change set that creates them. */
    static final int SLOTS = 4;

    private static final System.Logger LOG = System.getLogger(DurableLog.class.getName());

    private final DataSource dataSource;
    private final LogLimits limits;
    private final LogStreams streams;
    private final List<Thread> committers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Condition quiet = lock.newCondition();
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private final long[] inFlight = new long[SLOTS];
    private long queuedBytes;
    private long generation;
    private int slot;
    private long nextSeq;
    private boolean closed;
    /** Said once: an outage fails every commit. */
    private volatile boolean failing;

    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final ConcurrentHistogram commitMicros = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 2);

    /**
     * @param firstSeq greater than each sequence number in the log and in its checkpoint
     * @param slot the table that is written to
     * @param pendingBytes what the log holds already and no pack covers
     */
    DurableLog(
            DataSource dataSource, LogLimits limits, LogStreams streams, long firstSeq, int slot, long pendingBytes) {
        this.dataSource = dataSource;
        this.limits = limits;
        this.streams = streams;
        this.nextSeq = firstSeq;
        this.slot = slot;
        this.pendingBytes.set(pendingBytes);
    }

    /** Starts the committers; returns when each has its stream. */
    void start(ThreadFactory threads) {
        for (int i = 0; i < limits.committers(); i++) {
            LogConnection connection = new LogConnection(dataSource, streams);
            try {
                connection.open(nextSeq - 1);
            } catch (SQLException e) {
                throw TenantJdbc.translate(e);
            }
            Thread thread = threads.newThread(() -> commitUntilClosed(connection));
            committers.add(thread);
            thread.start();
        }
    }

    /**
     * Makes samples durable, then applies them.
     *
     * @param rows encoded log rows, each within {@link LogConnection#MAX_ROW_BYTES}; theirs is the log from now on
     * @param apply called once after the commit with the generation, to put the samples into its head
     * @throws AuspexException UNAVAILABLE when nothing is acknowledged: the queue is full or PostgreSQL did not
     *     confirm the commit. In the latter case the rows may still turn out to be stored.
     */
    void append(TenantId tenant, byte[][] rows, int samples, LongConsumer apply) {
        List<Entry> one = List.of(new Entry(tenant, rows, samples));
        enqueue(one);
        long taken = await(one);
        try {
            apply.accept(taken);
        } finally {
            applied(taken, 1);
        }
    }

    /**
     * Makes samples durable that have been applied before, in one transaction and in this order.
     *
     * @throws AuspexException UNAVAILABLE as {@link #append}
     */
    void appendApplied(List<Entry> entries) {
        for (Entry later : entries.subList(1, entries.size())) {
            later.follows = true;
        }
        enqueue(entries);
        applied(await(entries), entries.size());
    }

    /** Rows for {@link #appendApplied}. */
    Entry entry(TenantId tenant, byte[][] rows, int samples) {
        return new Entry(tenant, rows, samples);
    }

    /** Applies samples that are made durable elsewhere: a flush that begins meanwhile waits for them. */
    void whileApplying(Runnable apply) {
        long taken;
        lock.lock();
        try {
            taken = generation;
            inFlight[slot(taken)]++;
        } finally {
            lock.unlock();
        }
        try {
            apply.run();
        } finally {
            applied(taken, 1);
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(List<Entry> entries) {
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.bytes;
        }
        lock.lock();
        try {
            if (closed) {
                throw new AuspexException(Code.UNAVAILABLE, "the server is shutting down");
            }
            if (queuedBytes > 0 && queuedBytes + bytes > limits.queueBytes()) {
                refused.incrementAndGet();
                throw new AuspexException(
                        Code.UNAVAILABLE, "the ingest queue is full (" + limits.queueBytes() + " bytes)");
            }
            queuedBytes += bytes;
            queue.addAll(entries);
            notEmpty.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until entries that are committed together are decided; those that no committer has taken in time are
     * withdrawn, and nobody waits longer than that again for one that has.
     */
    private long await(List<Entry> entries) {
        Entry last = entries.get(entries.size() - 1);
        lock.lock();
        try {
            long left = limits.queueAge().toNanos();
            while (last.state == State.QUEUED) {
                if (left <= 0) {
                    for (Entry entry : entries) {
                        queue.remove(entry);
                        queuedBytes -= entry.bytes;
                    }
                    throw slow();
                }
                left = awaitNanos(last, left);
            }
            left = limits.queueAge().toNanos();
            while (last.state == State.TAKEN) {
                if (left <= 0) {
                    entries.forEach(entry -> entry.abandoned = true);
                    throw slow();
                }
                left = awaitNanos(last, left);
            }
            if (last.state == State.FAILED) {
                throw new AuspexException(Code.UNAVAILABLE, "the database did not confirm the samples", last.failure);
            }
            return last.generation;
        } finally {
            lock.unlock();
        }
    }

    private AuspexException slow() {
        refused.incrementAndGet();
        return new AuspexException(
                Code.UNAVAILABLE, "the database takes longer than " + limits.queueAge() + " to accept samples");
    }

    private static long awaitNanos(Entry entry, long nanos) {
        try {
            return entry.decided.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // the caller is being stopped: treat as out of time
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void applied(long taken, int entries) {
        lock.lock();
        try {
            int at = slot(taken);
            inFlight[at] -= entries;
            if (inFlight[at] == 0) {
                quiet.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The end of a generation: all its rows, and those of older ones, have sequence numbers up to {@code lastSeq}, and
     * all later rows greater ones.
     */
    record Cut(long generation, long lastSeq, long bytes) {}

    /** Sends what comes from now on to another table; rows of before may still be on their way. */
    Cut rotate(int toSlot) {
        lock.lock();
        try {
            slot = toSlot;
            return cut();
        } finally {
            lock.unlock();
        }
    }

    /** Divides what has come by now from what will. */
    Cut cut() {
        lock.lock();
        try {
            return new Cut(generation++, nextSeq - 1, pendingBytes.get());
        } finally {
            lock.unlock();
        }
    }

    /** Numbers from now on are greater than one that another node has given, so that they tell what came after what. */
    void observe(long seq) {
        lock.lock();
        try {
            nextSeq = Math.max(nextSeq, seq + 1);
        } finally {
            lock.unlock();
        }
    }

    /** Tells that the bytes up to a cut stand in packs. */
    void covered(long bytes) {
        pendingBytes.addAndGet(-bytes);
    }

    /** Waits until each committed row of a generation that is not the current one has been applied. */
    void awaitApplied(long old) throws InterruptedException {
        lock.lock();
        try {
            while (inFlight[slot(old)] > 0) {
                quiet.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void commitUntilClosed(LogConnection connection) {
        List<Entry> batch = new ArrayList<>();
        while (take(batch)) {
            long start = System.nanoTime();
            try {
                connection.write(batch.get(0).slot, batch);
                commits.incrementAndGet();
                failing = false;
                commitMicros.recordValue(Math.min(
                        commitMicros.getHighestTrackableValue(),
                        TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start)));
                decide(batch, State.COMMITTED, null);
            } catch (SQLException | RuntimeException e) {
                failures.incrementAndGet();
                connection.close();
                boolean first = !failing;
                failing = true;
                LOG.log(
                        first ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                        "log commit failed requests={0} cause={1}",
                        batch.size(),
                        e);
                decide(batch, State.FAILED, e);
            }
            batch.clear();
        }
        connection.close();
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
            long bytes = 0;
            for (Entry next = queue.peek();
                    next != null && (bytes == 0 || next.follows || bytes + next.bytes <= limits.batchBytes());
                    next = queue.peek()) {
                queue.remove();
                next.state = State.TAKEN;
                next.generation = generation;
                next.slot = slot;
                next.seq = nextSeq++;
                bytes += next.bytes;
                batch.add(next);
            }
            queuedBytes -= bytes;
            inFlight[slot(generation)] += batch.size();
            pendingBytes.addAndGet(bytes);
            if (!queue.isEmpty()) {
                notEmpty.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void decide(List<Entry> batch, State state, @Nullable Exception failure) {
        lock.lock();
        try {
            int nobodyApplies = 0;
            for (Entry entry : batch) {
                entry.state = state;
                entry.failure = failure;
                entry.decided.signal();
                nobodyApplies += state == State.FAILED || entry.abandoned ? 1 : 0;
            }
            if (nobodyApplies > 0) {
                applied(batch.get(0).generation, nobodyApplies);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new rows, commits what is queued and ends the committers. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            notEmpty.signalAll();
        } finally {
            lock.unlock();
        }
        for (Thread committer : committers) {
            try {
                committer.join(TimeUnit.SECONDS.toMillis(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    static int slot(long generation) {
        return (int) Math.floorMod(generation, (long) SLOTS);
    }

    long generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that no pack covers, which is what a restart would have to replay. */
    long pendingBytes() {
        return pendingBytes.get();
    }

    long queuedBytes() {
        lock.lock();
        try {
            return queuedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Requests that a committer has taken and whose samples have not been applied. */
    long inFlight() {
        lock.lock();
        try {
            return Arrays.stream(inFlight).sum();
        } finally {
            lock.unlock();
        }
    }

    long commits() {
        return commits.get();
    }

    long failures() {
        return failures.get();
    }

    /** Requests refused because the queue was full or too slow. */
    long refused() {
        return refused.get();
    }

    /** How long committed transactions took, in microseconds, at a quantile such as 0.99. */
    long commitMicrosAt(double quantile) {
        return commitMicros.getValueAtPercentile(quantile * 100);
    }

    private enum State {
        QUEUED,
        TAKEN,
        COMMITTED,
        FAILED
    }

    /** Rows of one request on their way; what is not final is guarded by the log's lock, or its committer's once taken. */
    final class Entry {
        final TenantId tenant;
        final byte[][] rows;
        final int samples;
        final long bytes;
        long seq;
        private final Condition decided = lock.newCondition();
        private State state = State.QUEUED;
        private long generation;
        private int slot;
        /** Committed in the same transaction as the entry before it. */
        private boolean follows;
        /** Whoever sent it does not wait for it any more. */
        private boolean abandoned;

        private @Nullable Exception failure;

        Entry(TenantId tenant, byte[][] rows, int samples) {
            this.tenant = tenant;
            this.rows = rows;
            this.samples = samples;
            long sum = 0;
            for (byte[] row : rows) {
                sum += row.length;
            }
            this.bytes = sum;
        }
    }
}
