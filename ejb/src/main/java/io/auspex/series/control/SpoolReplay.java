package io.auspex.series.control;

import io.auspex.codec.FormatException;
import io.auspex.codec.LogDecoder;
import io.auspex.codec.LogEncoder;
import io.auspex.codec.SpoolReader;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the spool holds into the database, in order: series into their table, samples into the log, a group of
 * records in one transaction.
 *
 * <p>A file is dropped when the log has all of it; a crash before that replays it again, which changes nothing, since a
 * sample that is there twice is one and the first stays. Used by one thread.
 */
final class SpoolReplay {
    private static final System.Logger LOG = System.getLogger(SpoolReplay.class.getName());
    private static final long GROUP_BYTES = 2 << 20;

    private final Spool spool;
    private final SeriesRegistry registry;
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();

    /**
     * Series that another node was first with: theirs is the id. Kept, since requests that were encoded before may come
     * later.
     */
    private final Map<TenantId, Map<Long, Long>> renamed = new HashMap<>();

    private final List<Path> kept = new ArrayList<>();
    private final LogDecoder decoder = new LogDecoder();
    private final LogEncoder encoder = new LogEncoder();

    SpoolReplay(Spool spool, SeriesRegistry registry) {
        this.spool = spool;
        this.registry = registry;
    }

    /** Samples that went from the spool into the log. */
    long samples() {
        return samples.get();
    }

    /** Records that could not be read. */
    long damaged() {
        return damaged.get();
    }

    /**
     * Replays all there is at this moment.
     *
     * @throws AuspexException UNAVAILABLE when the database is not there (any more): to be tried again
     */
    void run(DurableLog log) {
        for (Path file : spool.toReplay()) {
            if (!kept.contains(file)) {
                replay(file, log);
            }
            // a record behind may name a series by an id that only this file's records explain
            if (renamed.isEmpty()) {
                spool.replayed(file);
            } else if (!kept.contains(file)) {
                kept.add(file);
            }
        }
        if (!kept.isEmpty() && kept.containsAll(spool.toReplay())) {
            kept.forEach(spool::replayed);
            kept.clear();
        }
    }

    private void replay(Path file, DurableLog log) {
        SpoolReader in = new SpoolReader(read(file));
        List<DurableLog.Entry> group = new ArrayList<>();
        long bytes = 0;
        boolean first = true;
        while (in.next()) {
            if (first) {
                spool.oldest(in.arrivedMillis());
                first = false;
            }
            TenantId tenant = new TenantId(in.tenant());
            if (in.isSeries()) {
                store(tenant, in);
                continue;
            }
            DurableLog.Entry entry = entry(tenant, in, log);
            if (entry == null) {
                continue;
            }
            group.add(entry);
            bytes += entry.bytes;
            if (bytes >= GROUP_BYTES) {
                commit(group, log);
                bytes = 0;
            }
        }
        commit(group, log);
        if (in.damaged() > 0) {
            damaged.addAndGet(in.damaged());
            LOG.log(
                    System.Logger.Level.ERROR,
                    "records of the spool cannot be read, their samples are lost file={0} places={1}",
                    file,
                    in.damaged());
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AuspexException(Code.INTERNAL, "the spool cannot be read: " + file, e);
        }
    }

    private void store(TenantId tenant, SpoolReader in) {
        Map<Long, Long> others = registry.store(tenant, in.series());
        if (!others.isEmpty()) {
            renamed.computeIfAbsent(tenant, absent -> new HashMap<>()).putAll(others);
        }
    }

    private void commit(List<DurableLog.Entry> group, DurableLog log) {
        if (!group.isEmpty()) {
            log.appendApplied(group);
            group.forEach(entry -> samples.addAndGet(entry.samples));
            group.clear();
        }
    }

    private DurableLog.@Nullable Entry entry(TenantId tenant, SpoolReader in, DurableLog log) {
        byte[][] rows = in.logRecord(LogConnection.MAX_ROW_BYTES);
        Map<Long, Long> ids = renamed.getOrDefault(tenant, Map.of());
        if (!ids.isEmpty()) {
            try {
                rows = rename(rows, ids);
            } catch (FormatException e) {
                damaged.incrementAndGet();
                LOG.log(System.Logger.Level.ERROR, "a log record in the spool cannot be read", e);
                return null;
            }
        }
        return log.entry(tenant, rows, in.samples());
    }

    private byte[][] rename(byte[][] rows, Map<Long, Long> ids) {
        decoder.open(rows);
        for (int i = 0; i < decoder.count(); i++) {
            long id = decoder.seriesIds()[i];
            encoder.add(ids.getOrDefault(id, id), decoder.timestamps()[i], decoder.values()[i]);
        }
        for (int i = 0; i < decoder.blobCount(); i++) {
            long id = decoder.blobSeriesId(i);
            encoder.addBlob(ids.getOrDefault(id, id), decoder.blobTimestamp(i), decoder.blob(i));
        }
        return encoder.finish(LogConnection.MAX_ROW_BYTES);
    }
}
