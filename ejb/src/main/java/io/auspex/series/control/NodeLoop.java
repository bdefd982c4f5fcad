package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The thread by which a node stays in touch with others: says that it is alive, reads what they commit. */
final class NodeLoop {
    private static final System.Logger LOG = System.getLogger(NodeLoop.class.getName());
    private static final Duration CHORES = Duration.ofMillis(250);
    private static final int KEEPS_PER_LEASE = 5;

    private final NodeSettings settings;
    private final StorageNode node;
    private final LogFollower follower;
    private final FlushDuty flushes;
    private final List<Runnable> chores;
    private final Object pause = new Object();
    private final long keepNanos;
    private boolean closing;
    private @Nullable Thread thread;
    private long kept = System.nanoTime();
    private long done = kept;
    private long passed;
    private long announced;
    private long written;
    private boolean failing;

    NodeLoop(NodeSettings settings, StorageNode node, LogFollower follower, FlushDuty flushes, List<Runnable> chores) {
        this.settings = settings;
        this.node = node;
        this.follower = follower;
        this.flushes = flushes;
        this.chores = chores;
        this.keepNanos = settings.lease().toNanos() / KEEPS_PER_LEASE;
        flushes.beforeAnswer(this::chores);
    }

    void start(ThreadFactory threads) {
        Thread started = threads.newThread(this::run);
        thread = started;
        started.start();
    }

    private void run() {
        boolean more = false;
        while (more || rest()) {
            try {
                more = turn();
                failing = false;
            } catch (AuspexException e) {
                more = false;
                if (!failing) {
                    LOG.log(System.Logger.Level.WARNING, "out of touch with other nodes reason={0}", e.getMessage());
                }
                failing = true;
            } catch (RuntimeException e) {
                more = false;
                LOG.log(System.Logger.Level.ERROR, "what other nodes do cannot be followed", e);
            }
        }
    }

    private boolean turn() {
        long now = System.nanoTime();
        if (now - kept >= keepNanos) {
            kept = now;
            node.keep(flushes.isTight(), follower.recentLagMillis());
        }
        int read = follower.poll();
        if (follower.passed() > passed) {
            passed = follower.passed();
            node.passed(passed);
        }
        StorageNode.Flushes state = follower.flushes();
        if (state.announced() > announced || state.written() > written) {
            announced = state.announced();
            written = state.written();
            if (!node.leads()) {
                flushes.signal();
            }
        }
        if (read > 0) {
            flushes.signalWhenFull();
        }
        if (now - done >= CHORES.toNanos()) {
            done = now;
            chores();
        }
        if (read == 0 && node.others() == 0) {
            follower.rest();
        }
        return read > 0;
    }

    private void chores() {
        chores.forEach(Runnable::run);
    }

    private boolean rest() {
        synchronized (pause) {
            if (!closing) {
                try {
                    long millis = node.others() > 0 ? settings.follow().toMillis() : keepNanos / 1_000_000;
                    pause.wait(Math.max(1, millis));
                } catch (InterruptedException e) {
                    return false;
                }
            }
            return !closing;
        }
    }

    void close() {
        synchronized (pause) {
            closing = true;
            pause.notifyAll();
        }
        Thread running = thread;
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(30).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try {
            node.leave();
        } catch (AuspexException e) {
            LOG.log(System.Logger.Level.DEBUG, "left without a word reason={0}", e.getMessage());
        }
    }
}
