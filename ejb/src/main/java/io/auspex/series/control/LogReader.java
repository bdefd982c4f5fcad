package io.auspex.series.control;

import io.auspex.codec.FormatException;
import io.auspex.codec.LogDecoder;
import io.auspex.series.AppendWindow;
import io.auspex.series.Head;
import io.auspex.series.HistogramCodec;
import io.auspex.series.Verdict;
import io.auspex.tenancy.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Brings records of the log that this process has not written itself into the head. Used by one thread at a time. */
final class LogReader {
    private static final System.Logger LOG = System.getLogger(LogReader.class.getName());

    private final SeriesRegistry registry;
    private final Head head;
    private final FlushMarks marks;
    private final Listener listener;
    private final LogDecoder decoder = new LogDecoder();
    private SeriesIds ids = new SeriesIds();
    private int[] refs = new int[0];
    private byte[] verdicts = new byte[0];
    private long samples;
    private long damaged;
    private long unknown;

    /** Told of float samples that have come into the head. */
    @FunctionalInterface
    interface Listener {
        void applied(TenantId tenant, int[] refs, long[] timestamps, double[] values, byte[] verdicts, int count);
    }

    LogReader(SeriesRegistry registry, Head head, FlushMarks marks, Listener listener) {
        this.registry = registry;
        this.head = head;
        this.marks = marks;
        this.listener = listener;
    }

    SeriesIds ids() {
        if (ids.size() == 0) {
            registry.collect(ids);
        }
        return ids;
    }

    /** Gives back what it takes to know series by id, until the next record comes. */
    void rest() {
        ids = new SeriesIds();
    }

    /**
     * Applies one record.
     *
     * @param connection bound to the tenant, for series that are not known yet
     * @param parts its rows; a damaged record is counted and left out, since it must not keep all others out
     */
    void apply(Connection connection, TenantId tenant, long seq, List<byte[]> parts) throws SQLException {
        try {
            decoder.open(parts.toArray(byte[][]::new));
        } catch (FormatException e) {
            damaged++;
            LOG.log(System.Logger.Level.ERROR, "log record cannot be read, its samples are lost seq=" + seq, e);
            return;
        }
        learn(connection, tenant);
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
                kept++;
            }
        }
        unknown += count - kept;
        touch(kept);
        samples += head.append(refs, decoder.timestamps(), decoder.values(), kept, AppendWindow.ALL, verdicts);
        touch(kept);
        for (int i = 0; i < decoder.blobCount(); i++) {
            int ref = ids.ref(decoder.blobSeriesId(i));
            if (ref >= 0) {
                long timestamp = decoder.blobTimestamp(i);
                marks.touch(ref, timestamp);
                Verdict verdict = head.append(ref, timestamp, HistogramCodec.decode(decoder.blob(i)), AppendWindow.ALL);
                marks.touch(ref, timestamp);
                samples += verdict == Verdict.ACCEPTED ? 1 : 0;
            }
        }
        listener.applied(tenant, refs, decoder.timestamps(), decoder.values(), verdicts, kept);
    }

    /** Before and after, as {@link FlushMarks#touch} wants it. */
    private void touch(int count) {
        for (int i = 0; i < count; i++) {
            marks.touch(refs[i], decoder.timestamps()[i]);
        }
    }

    private void learn(Connection connection, TenantId tenant) throws SQLException {
        Set<Long> missing = new TreeSet<>();
        for (int i = 0; i < decoder.count(); i++) {
            addIfUnknown(tenant, decoder.seriesIds()[i], missing);
        }
        for (int i = 0; i < decoder.blobCount(); i++) {
            addIfUnknown(tenant, decoder.blobSeriesId(i), missing);
        }
        if (!missing.isEmpty()) {
            registry.follow(connection, tenant, new ArrayList<>(missing), ids());
        }
    }

    private void addIfUnknown(TenantId tenant, long id, Set<Long> missing) {
        int ref = ids().ref(id);
        // a ref is never given twice, so one that is gone tells that the series is to be looked for again
        if (ref < 0 || !tenant.equals(head.tenant(ref))) {
            missing.add(id);
        }
    }

    long samples() {
        return samples;
    }

    long damaged() {
        return damaged;
    }

    /** Samples of series that are deleted. */
    long unknown() {
        return unknown;
    }
}
