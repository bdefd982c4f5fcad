package io.auspex.series.control;

import io.auspex.series.Head;
import io.auspex.series.SampleColumn;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
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
    private static final int MAX_STREAMS = 8;

    private final Head head;
    private final SeriesRegistry registry;
    private final FlushMarks marks;
    private final PackStore packs;
    private final TenantJdbc jdbc;
    private final ReadEpochs readers;
    private final ConcurrentHashMap<TenantId, Long> firstStart = new ConcurrentHashMap<>();
    private volatile long releasedTo = Long.MIN_VALUE;
    private long number;

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

    /** Goes on behind the flush with that number, which the last checkpoint names. */
    void continueAfter(long lastNumber) {
        number = lastNumber;
    }

    /** Tells, at start-up, that a tenant's packs reach up to a time, of which the head knows nothing. */
    void storedUpTo(TenantId tenant, long millis) {
        firstStart.put(tenant, millis + 1);
    }

    /** From this time on, in Unix milliseconds, the head has all samples of a tenant; earlier ones are in packs too. */
    long headStart(TenantId tenant) {
        long released = releasedTo;
        return Math.max(
                released == Long.MIN_VALUE ? released : released + 1, firstStart.getOrDefault(tenant, Long.MIN_VALUE));
    }

    /**
     * Writes all samples that rows up to {@code lastSeq} of the log brought, which must have been applied.
     *
     * @param nowMillis where "late" begins: samples up to here count as due
     */
    synchronized Outcome write(long lastSeq, long nowMillis) {
        FlushPass pass = new FlushPass(head, registry, marks, packs, number + 1, nowMillis);
        try {
            pass.read();
            Outcome outcome = jdbc.callUnbound(connection -> {
                Outcome written = pass.write(connection);
                checkpoint(connection, lastSeq, number + 1);
                return written;
            });
            number++;
            return outcome;
        } catch (RuntimeException e) {
            // the commit may have happened all the same; then the next flush writes duplicates, which readers drop
            pass.undo();
            throw e;
        }
    }

    private static void checkpoint(Connection connection, long lastSeq, long flush) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("insert into auspex.ingest_checkpoint (stream, upto_seq, generation)"
                        + " select stream, ?, ? from generate_series(0, ?) stream on conflict (stream) do update"
                        + " set upto_seq = excluded.upto_seq, generation = excluded.generation, written_at = now()")) {
            statement.setLong(1, lastSeq);
            statement.setLong(2, flush);
            statement.setInt(3, MAX_STREAMS - 1);
            statement.executeUpdate();
        }
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
