package io.auspex.series.control;

import io.auspex.series.Head;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Brings a new process to where others are or were: series from their table, samples from the part of the log that no
 * pack covers.
 *
 * <p>Reads in the order in which the log was written, a stretch at a time, and flushes in between when the head
 * would outgrow its heap.
 */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private final StorageSettings settings;
    private final TenantJdbc jdbc;
    private final StorageNode node;
    private final SeriesRegistry registry;
    private final Head head;
    private final PackStore packs;
    private final HeadFlush flush;
    private final LogReader reader;
    private final LogFollower follower;
    private final Clock clock;

    Recovery(
            StorageSettings settings,
            TenantJdbc jdbc,
            StorageNode node,
            SeriesRegistry registry,
            Head head,
            PackStore packs,
            HeadFlush flush,
            LogReader reader,
            LogFollower follower,
            Clock clock) {
        this.settings = settings;
        this.jdbc = jdbc;
        this.node = node;
        this.registry = registry;
        this.head = head;
        this.packs = packs;
        this.flush = flush;
        this.reader = reader;
        this.follower = follower;
        this.clock = clock;
    }

    /**
     * Where writing goes on.
     *
     * @param nextSeq greater than each sequence number in use
     * @param slot the log table that is written to
     */
    record Position(long nextSeq, int slot, long samples, long damaged) {}

    /** Greater than each sequence number in use. */
    long nextSeq() {
        long inPacks = node.flushes().streams().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        return 1
                + Math.max(inPacks, jdbc.callUnbound(connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery(
                                    "select coalesce(max(last_seq), 0) from auspex.ingest_log_state()")) {
                        row.next();
                        return row.getLong(1);
                    }
                }));
    }

    Position run() {
        StorageNode.Flushes flushes = node.flushes();
        loadSeries();
        follower.begin(flushes, this::loadSeries);
        while (follower.poll() > 0) {
            if (head.bytes() > settings.headBytes()) {
                makeRoom();
            }
        }
        if (reader.unknown() > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "replay left out samples of deleted series count={0}",
                    reader.unknown());
        }
        StorageNode.Flushes last = follower.flushes();
        long covered = LongStream.concat(
                        last.streams().values().stream().mapToLong(Long::longValue),
                        follower.positions().values().stream().mapToLong(Long::longValue))
                .max()
                .orElse(0);
        return new Position(covered + 1, DurableLog.slot(last.announced()), reader.samples(), reader.damaged());
    }

    /** All series that are not known yet, and up to when there are packs: what the log no longer has is in those. */
    void loadSeries() {
        List<TenantId> tenants = jdbc.callUnbound(connection -> {
            List<TenantId> list = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select tenant_id from auspex.tenant_list()")) {
                while (row.next()) {
                    list.add(new TenantId(row.getInt(1)));
                }
            }
            return list;
        });
        long recent = clock.millis() - Duration.ofDays(2).toMillis();
        boolean alone = node.others() == 0;
        for (TenantId tenant : tenants) {
            registry.load(tenant, reader.ids(), alone);
            flush.storedUpTo(tenant, packs.lastTime(tenant, recent));
        }
    }

    /** As far as this node may: beside another one that flushes, the log does not grow beyond what that one allows. */
    private void makeRoom() {
        node.keep(true, 0);
        if (!node.leads()) {
            return;
        }
        try {
            long now = clock.millis();
            Map<Integer, Long> positions = follower.positions();
            flush.write(node.epoch(), node.announce(true), positions, now);
            flush.release(now);
            follower.covered(follower.pendingBytes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while recovering", e);
        }
    }
}
