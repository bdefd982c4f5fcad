package io.auspex.series.control;

import io.auspex.series.Head;
import io.auspex.series.SampleColumn;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes what is in the head and not yet in packs to packs, moves the checkpoint in the same transaction, and lets
 * the head forget.
 *
 * <p>Flushed samples stay readable in the head for a while; {@link #headStart} says from when on the head alone is
 * complete. One flush runs at a time.
 */
final class HeadFlush {
    private static final System.Logger LOG = System.getLogger(HeadFlush.class.getName());
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Head head;
    private final SeriesRegistry registry;
    private final FlushMarks marks;
    private final PackStore packs;
    private final TenantJdbc jdbc;
    private final ReadEpochs readers;
    private final ConcurrentHashMap<TenantId, Long> firstStart = new ConcurrentHashMap<>();
    private volatile long releasedTo = Long.MIN_VALUE;

    HeadFlush(
            Head head,
            SeriesRegistry registry,
            FlushMarks marks,
            PackStore packs,
            TenantJdbc jdbc,
            ReadEpochs readers) {
        this.head = head;
        this.registry = registry;
        this.marks = marks;
        this.packs = packs;
        this.jdbc = jdbc;
        this.readers = readers;
    }

    /** What a flush wrote. */
    record Outcome(int packs, long samples, long bytes) {}

    /** Tells that a tenant's packs reach up to a time, of which the head knows nothing. */
    void storedUpTo(TenantId tenant, long millis) {
        firstStart.merge(tenant, millis + 1, Math::max);
    }

    /** From this time on, in Unix milliseconds, the head has all samples of a tenant; earlier ones are in packs too. */
    long headStart(TenantId tenant) {
        long released = releasedTo;
        return Math.max(
                released == Long.MIN_VALUE ? released : released + 1, firstStart.getOrDefault(tenant, Long.MIN_VALUE));
    }

    /**
     * Writes all samples that rows up to some positions of the log brought, which must have been applied.
     *
     * @param epoch of the lease of this node; when it has gone to another one, nothing is written
     * @param number as it was announced
     * @param nowMillis where "late" begins: samples up to here count as due
     */
    synchronized Outcome write(long epoch, long number, Map<Integer, Long> positions, long nowMillis) {
        FlushPass pass = new FlushPass(head, registry, marks, packs, number, nowMillis);
        try {
            pass.read();
            return jdbc.callUnbound(connection -> {
                Outcome written = pass.write(connection);
                // last, since nobody can take over from here to the end
                StorageNode.checkpoint(connection, epoch, number, positions);
                return written;
            });
        } catch (RuntimeException e) {
            // the commit may have happened all the same; then the next flush writes duplicates, which readers drop
            pass.undo();
            throw e;
        }
    }

    /** Marks what a flush will find that another node writes; to be undone unless it is written. */
    synchronized FlushPass mark(long number, long nowMillis) {
        FlushPass pass = new FlushPass(head, registry, marks, packs, number, nowMillis);
        pass.mark();
        return pass;
    }

    /** Empties the tables of the log, but for the current one, as far as the checkpoint covers them. */
    void truncateLog(int currentSlot) {
        for (int slot = 0; slot < DurableLog.SLOTS; slot++) {
            if (slot != currentSlot) {
                truncate(slot);
            }
        }
    }

    private void truncate(int slot) {
        try {
            jdbc.callUnbound(connection -> {
                try (PreparedStatement statement =
                        connection.prepareStatement("select auspex.ingest_log_truncate(?)")) {
                    statement.setInt(1, slot);
                    return statement.execute();
                }
            });
        } catch (RuntimeException e) {
            // somebody reads the table, such as a backup: the next flush tries again
            LOG.log(System.Logger.Level.WARNING, "log table not truncated slot={0} cause={1}", slot, e);
        }
    }

    /**
     * Drops flushed samples up to a time from memory, once all who read now have ended. Whatever was being applied when
     * the last flush ended must have been applied by now.
     */
    synchronized void release(long toMillis) throws InterruptedException {
        if (toMillis < releasedTo) {
            return;
        }
        releasedTo = toMillis;
        if (!readers.awaitReaders(PATIENCE)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a query has not ended within {0}, its view of the past may have holes",
                    PATIENCE);
        }
        SampleColumn flushed = new SampleColumn();
        for (int ref : head.activeRefs()) {
            TenantId tenant = head.tenant(ref);
            long upTo = Math.min(toMillis, marks.flushedTo(ref));
            if (tenant == null || upTo == Long.MIN_VALUE) {
                continue;
            }
            flushed.clear();
            if (head.read(tenant, ref, Long.MIN_VALUE, upTo, flushed) && !marks.isLate(ref)) {
                head.release(ref, upTo, flushed);
            }
        }
    }

    /**
     * Lets go of samples in a range that packs had and that were erased from there.
     *
     * @return whether the head has nothing left of that range; late samples stay for the next flush
     */
    synchronized boolean drop(TenantId tenant, Collection<Integer> refs, long fromMillis, long toMillis) {
        SampleColumn there = new SampleColumn();
        boolean all = true;
        for (int ref : refs) {
            if (!tenant.equals(head.tenant(ref))) {
                continue;
            }
            long upTo = Math.min(toMillis, marks.flushedTo(ref));
            there.clear();
            if (upTo >= fromMillis && !marks.isLate(ref) && head.read(tenant, ref, fromMillis, upTo, there)) {
                head.release(ref, upTo, there);
            }
            there.clear();
            all &= !head.read(tenant, ref, fromMillis, toMillis, there);
        }
        return all;
    }

    /** Counts each tenant's series with samples in memory anew. */
    void countActive() {
        int[] refs = head.activeRefs();
        ConcurrentHashMap<TenantId, Integer> counts = new ConcurrentHashMap<>();
        Arrays.stream(refs).forEach(ref -> {
            TenantId tenant = head.tenant(ref);
            if (tenant != null) {
                counts.merge(tenant, 1, Integer::sum);
            }
        });
        for (TenantId tenant : registry.tenants()) {
            registry.of(tenant).active = counts.getOrDefault(tenant, 0);
        }
    }
}
