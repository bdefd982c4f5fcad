package io.auspex.promql.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.MeterFamily;
import io.auspex.platform.Meters;
import io.auspex.platform.PeerSocket;
import io.auspex.promql.QueryGuard;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queries that run on this node: as many at a time as configured, half of them one tenant's at most, each
 * until its time is up or the client that asked has gone. A node that stops cancels them.
 */
@ApplicationScoped
public class RunningQueries {
    private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final double[] SECONDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120};

    @Inject
    QuerySettings settings;

    @Inject
    Meters meters;

    @Resource
    @Nullable
    ManagedScheduledExecutorService executor;

    ConnectionTable connections = new ConnectionTable();
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile @Nullable Future<?> next;
    private final Map<TenantId, Semaphore> tenantSlots = new ConcurrentHashMap<>();
    private MeterFamily durations = durations(new Meters());
    private Semaphore slots = new Semaphore(0);

    private static final class Running {
        final QueryGuard.Deadline guard;
        final PeerSocket client;
        final long since = System.nanoTime();
        boolean seen;

        Running(QueryGuard.Deadline guard, PeerSocket client) {
            this.guard = guard;
            this.client = client;
        }

        /** Whether it runs for somebody who may go away. */
        boolean hasClient() {
            return client.remotePort() > 0;
        }

        /** Whether it runs long enough to be looked after. */
        boolean isWatched() {
            return hasClient() && System.nanoTime() - since > WATCH_NANOS / 2;
        }
    }

    private static MeterFamily durations(Meters meters) {
        return meters.histogram(
                "auspex_query_duration_seconds",
                "Time of queries from their arrival to their result, by kind.",
                SECONDS,
                "kind");
    }

    @PostConstruct
    void open() {
        slots = new Semaphore(settings.maxConcurrency(), true);
        durations = durations(meters);
        meters.gauge("auspex_query_running", "Queries that run on this node.", running::size);
        meters.gauge("auspex_query_waiting", "Queries that wait for a slot on this node.", slots::getQueueLength);
    }

    @PreDestroy
    void cancelAll() {
        Future<?> look = next;
        if (look != null) {
            look.cancel(false);
        }
        running.forEach(query -> query.guard.cancel());
    }

    /** Looks after clients in a while, as long as there are any: a node at rest is not woken up for it. */
    private void watchOnce() {
        ManagedScheduledExecutorService threads = executor;
        if (threads == null || running.stream().noneMatch(Running::hasClient) || !watching.compareAndSet(false, true)) {
            return;
        }
        try {
            next = threads.schedule(
                    () -> {
                        watching.set(false);
                        cancelAbandoned();
                        watchOnce();
                    },
                    WATCH_NANOS,
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) { // the node stops, and all queries with it
            watching.set(false);
        }
    }

    /** Cancels queries whose client has gone; a client that was never seen is not missed. */
    void cancelAbandoned() {
        if (running.stream().noneMatch(Running::isWatched)) {
            return;
        }
        Map<PeerSocket, ConnectionTable.State> states;
        try {
            states = connections.read();
        } catch (IOException e) {
            return; // not on this system
        }
        for (Running query : running) {
            if (query.isWatched()) {
                ConnectionTable.State state = states.getOrDefault(query.client, ConnectionTable.State.ABSENT);
                if (state == ConnectionTable.State.CLOSING || (state == ConnectionTable.State.ABSENT && query.seen)) {
                    query.guard.cancel();
                }
                query.seen |= state == ConnectionTable.State.OPEN;
            }
        }
    }

    /**
     * Runs a query with a guard that ends it when its time is up; waiting for a slot counts.
     *
     * @param kind by which durations are counted
     * @throws AuspexException TIMEOUT when no slot became free in time
     */
    public <T> T run(TenantId tenant, QueryKind kind, long timeoutMillis, Function<QueryGuard, T> query) {
        long start = System.nanoTime();
        long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Semaphore own =
                tenantSlots.computeIfAbsent(tenant, key -> new Semaphore(settings.maxConcurrencyPerTenant(), true));
        // One's own slot first, so that a tenant with many queries does not wait at the head of the common queue.
        acquire(own, timeoutNanos);
        try {
            acquire(slots, timeoutNanos - (System.nanoTime() - start));
            try {
                return guarded(timeoutNanos - (System.nanoTime() - start), query);
            } finally {
                slots.release();
            }
        } finally {
            own.release();
            durations.with(kind.label()).observe((System.nanoTime() - start) / 1e9);
        }
    }

    private <T> T guarded(long timeoutNanos, Function<QueryGuard, T> query) {
        Running entry = new Running(new QueryGuard.Deadline(System::nanoTime, timeoutNanos), PeerSocket.current());
        running.add(entry);
        watchOnce();
        try {
            return query.apply(entry.guard);
        } finally {
            running.remove(entry);
        }
    }

    private static void acquire(Semaphore slots, long timeoutNanos) {
        try {
            if (slots.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuspexException(Code.UNAVAILABLE, "query was canceled in query queue", e);
        }
        throw new AuspexException(Code.TIMEOUT, "query timed out in query queue");
    }
}
