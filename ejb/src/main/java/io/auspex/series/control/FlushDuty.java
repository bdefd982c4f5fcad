package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Head;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A node's part in flushes: the one that holds the lease announces and writes them, the others mark in their heads what
 * such a flush will find, say up to where, and let go of it when packs have that (ADR 026).
 */
final class FlushDuty {
    private static final System.Logger LOG = System.getLogger(FlushDuty.class.getName());
    private static final Duration TURN = Duration.ofSeconds(5);
    private static final Duration RELIEF = Duration.ofSeconds(30);
    private static final Duration ASK = Duration.ofMillis(500);
    private static final Duration COUNT_ACTIVE = Duration.ofMinutes(5);

    /** A node that does not answer in time lets go of its samples with the next flush. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final Duration FOLLOWED = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 20;

    private final StorageSettings settings;
    private final StorageNode node;
    private final DurableLog log;
    private final LogStreams streams;
    private final LogFollower follower;
    private final HeadFlush flush;
    private final Head head;
    private final Clock clock;
    /** Whether the head has samples that the log does not have, so that nobody may take them for flushed. */
    private final BooleanSupplier detour;

    private final Object signal = new Object();
    private boolean signalled;
    private volatile boolean wanted;
    private volatile boolean closing;
    private volatile StorageFigures.Flush last = StorageFigures.Flush.NONE;

    /** Held by whoever flushes or lets go. */
    private final ReentrantLock turn = new ReentrantLock();

    private @Nullable Marked marked;

    private volatile long answered;
    private volatile Runnable beforeAnswer = () -> {};

    /** What was marked for a flush that another node announced. */
    private record Marked(
            FlushPass pass, boolean tight, Map<Integer, Long> positions, long ownBytes, long followedBytes) {}

    FlushDuty(
            StorageSettings settings,
            StorageNode node,
            DurableLog log,
            LogStreams streams,
            LogFollower follower,
            HeadFlush flush,
            Head head,
            Clock clock,
            BooleanSupplier detour) {
        this.settings = settings;
        this.node = node;
        this.log = log;
        this.streams = streams;
        this.follower = follower;
        this.flush = flush;
        this.head = head;
        this.clock = clock;
        this.detour = detour;
    }

    /** Has something done each time before this node answers, for what must hold on all nodes before a flush. */
    void beforeAnswer(Runnable work) {
        beforeAnswer = work;
    }

    void run() {
        long flushed = System.nanoTime();
        long counted = flushed;
        while (awaitTurn()) {
            long now = System.nanoTime();
            try {
                if (detour.getAsBoolean()) {
                    LOG.log(System.Logger.Level.DEBUG, "nothing is flushed while the spool has samples");
                } else if (!node.leads()) {
                    follow();
                    flushed = now;
                } else if (isDue(now - flushed)) {
                    flush(node.othersAreTight() || head.bytes() > settings.headBytes() / 2);
                    flushed = now;
                }
                if (now - counted >= COUNT_ACTIVE.toNanos()) {
                    flush.countActive();
                    counted = now;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // PostgreSQL is away: head and log keep everything, the next turn tries again
                LOG.log(System.Logger.Level.WARNING, "flush failed cause={0}", e);
                LOG.log(System.Logger.Level.DEBUG, "flush failed", e);
            }
        }
    }

    private boolean awaitTurn() {
        synchronized (signal) {
            try {
                if (!signalled && !closing) {
                    signal.wait(TURN.toMillis());
                }
                signalled = false;
            } catch (InterruptedException e) {
                return false;
            }
        }
        return !closing;
    }

    /** There may be something to do. */
    void signal() {
        synchronized (signal) {
            signalled = true;
            signal.notifyAll();
        }
    }

    /** The log may have grown so far that it is time to flush. */
    void signalWhenFull() {
        if (node.leads() && pendingBytes() > settings.flushLogBytes()) {
            signal();
        }
    }

    void close() {
        closing = true;
        signal();
    }

    private boolean isDue(long nanosSinceFlush) {
        return nanosSinceFlush >= settings.flushInterval().toNanos()
                || pendingBytes() > settings.flushLogBytes()
                // what stays when all is flushed is not to be flushed again and again
                || ((isTight() || node.othersAreTight()) && nanosSinceFlush > RELIEF.toNanos());
    }

    /** Whether a flush would help this node, or somebody here waits for one. */
    boolean isTight() {
        return wanted || head.bytes() > settings.headBytes();
    }

    long pendingBytes() {
        return log.pendingBytes() + follower.pendingBytes();
    }

    /** What others have written and this node has read. */
    StorageFigures.Following following() {
        return new StorageFigures.Following(
                node.leads(),
                node.others(),
                follower.followed(),
                Duration.ofMillis(follower.lagMillisAt(0.5)),
                Duration.ofMillis(follower.lagMillisAt(0.99)));
    }

    StorageFigures.Flush last() {
        return last;
    }

    /**
     * As {@link #flushNow}, on the node that may: another one is asked and waited for.
     *
     * @throws AuspexException UNAVAILABLE when it does not flush in time
     */
    void flushAnywhere(Duration patience) throws InterruptedException {
        long begin = System.nanoTime();
        long announced = node.flushes().announced();
        wanted = true;
        try {
            while (!node.leads()) {
                if (node.flushes().written() > announced) {
                    return;
                }
                if (System.nanoTime() - begin > patience.toNanos()) {
                    throw new AuspexException(Code.UNAVAILABLE, "the node that writes the packs did not do so in time");
                }
                Thread.sleep(ASK.toMillis());
            }
        } finally {
            wanted = false;
        }
        flushNow();
    }

    /** Writes everything acknowledged so far to packs, truncates the log and frees memory. */
    void flushNow() throws InterruptedException {
        flush(head.bytes() > settings.headBytes() / 2);
    }

    /**
     * Flushes as the holder of the lease.
     *
     * @param tight whether nothing of what is written shall stay in memory, on any node
     * @return whether all nodes that are alive have taken part
     */
    boolean flush(boolean tight) throws InterruptedException {
        return exclusively(() -> write(tight));
    }

    /** Work during which nothing is flushed; may itself flush. */
    interface Work<T> {
        T run() throws InterruptedException;
    }

    <T> T exclusively(Work<T> work) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    private boolean write(boolean tight) throws InterruptedException {
        if (!node.leads()) {
            throw new AuspexException(Code.UNAVAILABLE, "another node writes the packs at the moment");
        }
        if (detour.getAsBoolean()) {
            throw new AuspexException(Code.UNAVAILABLE, "the spool has samples that the log does not have");
        }
        long begin = System.nanoTime();
        undoMarks();
        long epoch = node.epoch();
        long number = node.announce(tight);
        DurableLog.Cut old = log.rotate(DurableLog.slot(number));
        boolean all = await(ANSWER, answer -> answer.cut() >= number) && node.strangers(number) == 0;
        followUpTo(node.answers().stream()
                .filter(answer -> answer.cut() == number)
                .map(StorageNode.Answer::positions)
                .toList());
        // in this order: what is read here has been applied, and what was written before the cut will have been
        Map<Integer, Long> positions = follower.positions();
        long followedBytes = follower.pendingBytes();
        DurableLog.Cut cut = log.cut();
        log.awaitApplied(old.generation());
        log.awaitApplied(cut.generation());
        streams.positions().forEach((stream, committed) -> {
            if (streams.isOpen(stream)) {
                positions.put(stream, Math.min(committed, cut.lastSeq()));
            }
        });
        long now = clock.millis();
        HeadFlush.Outcome outcome = flush.write(epoch, number, positions, now);
        log.covered(cut.bytes());
        follower.covered(followedBytes);
        empty(number);
        release(tight);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        last = new StorageFigures.Flush(clock.instant(), outcome.packs(), outcome.samples(), outcome.bytes(), took);
        LOG.log(
                System.Logger.Level.INFO,
                "flushed number={0} packs={1} samples={2} bytes={3} millis={4} allNodes={5}",
                number,
                outcome.packs(),
                outcome.samples(),
                outcome.bytes(),
                took.toMillis(),
                all);
        return all;
    }

    private boolean await(Duration atMost, Predicate<StorageNode.Answer> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!node.answers().stream().allMatch(wanted)) {
            if (closing || System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** Waits until everything is in the head up to where others have marked theirs. */
    private void followUpTo(List<Map<Integer, Long>> marks) throws InterruptedException {
        Map<Integer, Long> wanted = new HashMap<>();
        marks.forEach(each -> each.forEach((stream, seq) -> wanted.merge(stream, seq, Math::max)));
        wanted.keySet().removeIf(streams::isOpen);
        long deadline = System.nanoTime() + FOLLOWED.toNanos();
        while (!closing && System.nanoTime() - deadline < 0) {
            Map<Integer, Long> seen = follower.positions();
            if (wanted.entrySet().stream()
                    .allMatch(each -> seen.getOrDefault(each.getKey(), Long.MIN_VALUE) >= each.getValue())) {
                return;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Empties the tables of the log, once the others have read what they had. */
    private void empty(long number) throws InterruptedException {
        try {
            await(TURN, answer -> answer.passed() >= number);
            node.emptying(number);
            flush.truncateLog(DurableLog.slot(number));
            node.forgetStreams();
        } catch (AuspexException e) {
            // what is left is emptied after the next flush, by whoever holds the lease then
            LOG.log(System.Logger.Level.WARNING, "log not emptied reason={0}", e.getMessage());
        }
    }

    private void release(boolean tight) throws InterruptedException {
        log.awaitApplied(log.cut().generation());
        follower.barrier();
        long now = clock.millis();
        flush.release(tight ? now : now - settings.keepInHead().toMillis());
        flush.countActive();
    }

    /** Lets go of samples that another node has erased; false when it has to be tried again, after a flush perhaps. */
    boolean drop(TenantId tenant, Tombstones.Deletion deletion, Collection<Integer> refs) throws InterruptedException {
        if (!turn.tryLock()) {
            return false; // whoever asks has more to do than to wait for a flush
        }
        try {
            if (!node.leads()) {
                settle(node.flushes());
            }
            return marked == null && flush.drop(tenant, refs, deletion.fromMillis(), deletion.toMillis());
        } finally {
            turn.unlock();
        }
    }

    /** Takes part in the flushes of another node. */
    void follow() throws InterruptedException {
        StorageNode.Flushes now = node.flushes();
        exclusively(() -> settle(now));
        if (now.announced() > now.written() && now.announced() > answered) {
            beforeAnswer.run();
            exclusively(() -> mark(now));
        }
    }

    /** Lets go of what was marked once packs have it. */
    private boolean settle(StorageNode.Flushes now) throws InterruptedException {
        Marked waiting = marked;
        if (waiting != null && now.cover(waiting.positions())) {
            marked = null;
            log.covered(waiting.ownBytes());
            follower.covered(waiting.followedBytes());
            release(waiting.tight() || head.bytes() > settings.headBytes() / 2);
        }
        return marked == null;
    }

    private boolean mark(StorageNode.Flushes now) throws InterruptedException {
        undoMarks();
        DurableLog.Cut cut = log.rotate(DurableLog.slot(now.announced()));
        log.awaitApplied(cut.generation());
        long followedBytes = follower.pendingBytes();
        FlushPass pass = flush.mark(now.announced(), clock.millis());
        if (detour.getAsBoolean()) {
            pass.undo(); // what is marked may not be in the log
            return false;
        }
        // after the marks: all that they speak of lies below
        Map<Integer, Long> positions = follower.positions();
        streams.positions().forEach((stream, seq) -> positions.merge(stream, seq, Math::max));
        marked = new Marked(pass, now.tight(), positions, cut.bytes(), followedBytes);
        node.answer(now.announced(), positions);
        answered = now.announced();
        return true;
    }

    private void undoMarks() {
        Marked waiting = marked;
        if (waiting != null) {
            waiting.pass().undo();
            marked = null;
        }
    }
}
