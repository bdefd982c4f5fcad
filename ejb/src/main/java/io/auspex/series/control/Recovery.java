package io.auspex.series.control;

import io.auspex.codec.FormatException;
import io.auspex.codec.LogDecoder;
import io.auspex.series.AppendWindow;
import io.auspex.series.Head;
import io.auspex.series.HistogramCodec;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings a new process to where the last one was: series from their table, samples from the part of the log that no
 * pack covers.
 *
 * <p>Reads in the order in which the log was written, a stretch at a time, and flushes in between when the head
 * would outgrow its heap.
 */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());
    private static final long STRETCH = 1_000;

    private final StorageSettings settings;
    private final TenantJdbc jdbc;
    private final SeriesRegistry registry;
    private final Head head;
    private final FlushMarks marks;
    private final PackStore packs;
    private final HeadFlush flush;
    private final Clock clock;

    private final LogDecoder decoder = new LogDecoder();
    private int[] refs = new int[0];
    private byte[] verdicts = new byte[0];
    private long samples;
    private long damaged;
    private long unknown;

    Recovery(
            StorageSettings settings,
            TenantJdbc jdbc,
            SeriesRegistry registry,
            Head head,
            FlushMarks marks,
            PackStore packs,
            HeadFlush flush,
            Clock clock) {
        this.settings = settings;
        this.jdbc = jdbc;
        this.registry = registry;
        this.head = head;
        this.marks = marks;
        this.packs = packs;
        this.flush = flush;
        this.clock = clock;
    }

    /**
     * Where writing goes on.
     *
     * @param nextSeq greater than each sequence number in use
     * @param slot the log table with the latest rows
     * @param bytes size of the log that is not covered
     */
    record Position(long nextSeq, int slot, long bytes, long samples, long damaged) {}

    private record LogState(long first, long last, int slot, long bytes) {}

    Position run() {
        long covered = jdbc.callUnbound(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select coalesce(max(upto_seq), 0), coalesce(max(generation), 0) from auspex.ingest_checkpoint")) {
                row.next();
                flush.continueAfter(row.getLong(2));
                return row.getLong(1);
            }
        });
        LogState state = logState();
        Map<TenantId, SeriesRegistry.StoredIds> ids = loadSeries();
        for (long from = Math.max(covered + 1, state.first()); from <= state.last(); from += STRETCH) {
            long to = Math.min(from + STRETCH - 1, state.last());
            for (Map.Entry<TenantId, SeriesRegistry.StoredIds> tenant : ids.entrySet()) {
                replay(tenant.getKey(), tenant.getValue(), from, to);
            }
            if (head.bytes() > settings.headBytes()) {
                makeRoom(to);
            }
        }
        if (unknown > 0) {
            LOG.log(System.Logger.Level.WARNING, "replay left out samples of deleted series count={0}", unknown);
        }
        long pending = state.last() > covered ? state.bytes() : 0;
        return new Position(Math.max(covered, state.last()) + 1, state.slot(), pending, samples, damaged);
    }

    private LogState logState() {
        return jdbc.callUnbound(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select slot, coalesce(first_seq, 0), coalesce(last_seq, 0), rows, bytes from auspex.ingest_log_state()")) {
                LogState state = new LogState(Long.MAX_VALUE, 0, 0, 0);
                while (row.next()) {
                    if (row.getLong(4) > 0) {
                        boolean latest = row.getLong(3) > state.last();
                        state = new LogState(
                                Math.min(state.first(), row.getLong(2)),
                                Math.max(state.last(), row.getLong(3)),
                                latest ? row.getInt(1) : state.slot(),
                                state.bytes() + row.getLong(5));
                    }
                }
                return state;
            }
        });
    }

    private Map<TenantId, SeriesRegistry.StoredIds> loadSeries() {
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
        Map<TenantId, SeriesRegistry.StoredIds> ids = new HashMap<>();
        for (TenantId tenant : tenants) {
            ids.put(tenant, registry.load(tenant));
            flush.storedUpTo(tenant, packs.lastTime(tenant, recent));
        }
        return ids;
    }

    private void replay(TenantId tenant, SeriesRegistry.StoredIds ids, long from, long to) {
        if (ids.size() == 0) {
            return;
        }
        StringBuilder sql = new StringBuilder();
        for (int slot = 0; slot < DurableLog.SLOTS; slot++) {
            sql.append(slot == 0 ? "" : " union all ")
                    .append("select seq, stream, part, payload from auspex.ingest_log_")
                    .append(slot)
                    .append(" where seq between ? and ?");
        }
        sql.append(" order by seq, stream, part");
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
                statement.setFetchSize(500);
                for (int slot = 0; slot < DurableLog.SLOTS; slot++) {
                    statement.setLong(2 * slot + 1, from);
                    statement.setLong(2 * slot + 2, to);
                }
                try (ResultSet row = statement.executeQuery()) {
                    replay(ids, row);
                }
            }
        });
    }

    private void replay(SeriesRegistry.StoredIds ids, ResultSet row) throws SQLException {
        List<byte[]> parts = new ArrayList<>();
        long seq = -1;
        int stream = -1;
        while (row.next()) {
            if (row.getLong(1) != seq || row.getInt(2) != stream) {
                apply(seq, parts, ids);
                parts.clear();
                seq = row.getLong(1);
                stream = row.getInt(2);
            }
            parts.add(row.getBytes(4));
        }
        apply(seq, parts, ids);
    }

    private void apply(long seq, List<byte[]> parts, SeriesRegistry.StoredIds ids) {
        if (parts.isEmpty()) {
            return;
        }
        try {
            decoder.open(parts.toArray(byte[][]::new));
        } catch (FormatException e) {
            // one damaged record must not keep all others out; the figure is shown and the log has the record
            damaged++;
            LOG.log(System.Logger.Level.ERROR, "log record cannot be read, its samples are lost seq=" + seq, e);
            return;
        }
        int count = decoder.count();
        if (refs.length < count) {
            refs = new int[count];
            verdicts = new byte[count];
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int ref = ids.ref(decoder.seriesIds()[i]);
            if (ref >= 0) {
                refs[kept] = ref;
                decoder.timestamps()[kept] = decoder.timestamps()[i];
                decoder.values()[kept] = decoder.values()[i];
                marks.touch(ref, decoder.timestamps()[i]);
                kept++;
            }
        }
        samples += head.append(refs, decoder.timestamps(), decoder.values(), kept, AppendWindow.ALL, verdicts);
        unknown += count - kept;
        for (int i = 0; i < decoder.blobCount(); i++) {
            int ref = ids.ref(decoder.blobSeriesId(i));
            if (ref >= 0) {
                marks.touch(ref, decoder.blobTimestamp(i));
                head.append(ref, decoder.blobTimestamp(i), HistogramCodec.decode(decoder.blob(i)), AppendWindow.ALL);
                samples++;
            }
        }
    }

    private void makeRoom(long lastSeq) {
        try {
            long now = clock.millis();
            flush.write(lastSeq, now);
            flush.release(now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while recovering", e);
        }
    }
}
