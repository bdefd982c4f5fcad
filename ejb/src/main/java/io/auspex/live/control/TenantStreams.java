package io.auspex.live.control;

import io.auspex.tenancy.TenantId;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** The streams of one tenant and the time up to which its samples are known. Thread-safe. */
final class TenantStreams {
    private static final int IDLE = 0;
    private static final int SERVING = 1;
    private static final int SERVING_AGAIN = 2;

    private final TenantId tenant;
    private final CopyOnWriteArrayList<LiveSubscription> streams = new CopyOnWriteArrayList<>();
    private final AtomicLong knownMillis = new AtomicLong();
    private final AtomicBoolean findings = new AtomicBoolean();
    private final AtomicInteger turn = new AtomicInteger(IDLE);

    TenantStreams(TenantId tenant) {
        this.tenant = tenant;
    }

    TenantId tenant() {
        return tenant;
    }

    int size() {
        return streams.size();
    }

    synchronized boolean add(LiveSubscription stream, int limit) {
        return streams.size() < limit && streams.add(stream);
    }

    void remove(LiveSubscription stream) {
        streams.remove(stream);
    }

    /** Does something with each stream and drops those for which it answers false. */
    void forEach(Predicate<LiveSubscription> action) {
        for (LiveSubscription stream : streams) {
            if (!action.test(stream)) {
                streams.remove(stream);
            }
        }
    }

    void closeAll() {
        streams.forEach(LiveSubscription::close);
        streams.clear();
    }

    /** Samples up to a time are known; true when that is news. */
    boolean known(long millis) {
        return knownMillis.getAndAccumulate(millis, Math::max) < millis;
    }

    /** Unix milliseconds, zero before the first sample. */
    long knownMillis() {
        return knownMillis.get();
    }

    /** Whether the caller has to serve the streams; otherwise whoever does will do it once more. */
    boolean begin() {
        return turn.getAndUpdate(state -> state == IDLE ? SERVING : SERVING_AGAIN) == IDLE;
    }

    /** Ends a turn; true when somebody asked for another one meanwhile. */
    boolean end() {
        return turn.getAndSet(IDLE) == SERVING_AGAIN;
    }

    /** Findings have changed; true when nobody is about to tell so yet. */
    boolean noteFindings() {
        return findings.compareAndSet(false, true);
    }

    /** What changes from now on has to be told again. */
    void findingsTold() {
        findings.set(false);
    }
}
