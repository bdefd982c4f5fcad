package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import io.auspex.series.SeriesIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads Prometheus remote-write 2.0 requests: a snappy block of a protobuf {@code io.prometheus.write.v2.Request}.
 *
 * <p>Labels are references to a table of symbols; they are written out in canonical form, hashed and looked up. What
 * they may take together is limited like a body, since one long symbol can be referred to often. Kept and reused; the
 * batch is valid until the next request. Not thread-safe.
 */
public final class RemoteWrite2Decoder {
    /** What is kept of the labels of a series whose labels are too large, to show which one it is. */
    private static final int SHOWN = 1_024;

    private static final byte[] METRIC_NAME = Labels.METRIC_NAME.getBytes(StandardCharsets.US_ASCII);

    private final SnappyBlock snappy = new SnappyBlock();
    private final ProtoReader in = new ProtoReader();
    private final LabelReader labels = new LabelReader();
    private final HistogramReader histograms = new HistogramReader();
    private ByteWriter canonical = new ByteWriter(64 << 10);
    private int[] symbolAt = new int[256];
    private int[] symbolLength = new int[256];
    private int symbols;
    private int[] refs = new int[32];
    private int refCount;

    /** Metric, type, help and unit of the last metadata: neighbours mostly repeat it. */
    private int aboutMetric;

    private long aboutType;
    private int aboutHelp;
    private int aboutUnit;

    /** Bytes of metadata that the request may still bring. */
    private long textBudget;

    /**
     * Decodes a request into a batch, which is cleared first, and resolves its series.
     *
     * @throws AuspexException {@code BAD_DATA} when the body is not a write request, {@code PAYLOAD_TOO_LARGE} when it
     *     or its labels inflate beyond the limit
     */
    public void decode(
            byte[] body, int offset, int length, IngestLimits limits, SeriesResolver resolver, DecodedBatch into) {
        into.clear();
        int size = snappy.inflate(body, offset, length, limits.maxBodyBytes());
        if (!DecodedBatch.isKept(canonical.array())) {
            canonical = new ByteWriter(64 << 10);
        }
        canonical.clear();
        histograms.begin(size);
        aboutMetric = -1;
        textBudget = size + (1L << 16);
        readSymbols(size);
        in.reset(snappy.bytes(), 0, size);
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x2a) {
                readSeries(limits, into);
            } else {
                in.skip(tag);
            }
        }
        into.resolve(canonical.array(), limits, resolver, labels);
    }

    private void readSymbols(int size) {
        in.reset(snappy.bytes(), 0, size);
        symbols = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag != 0x22) {
                in.skip(tag);
                continue;
            }
            if (symbols == symbolAt.length) {
                symbolAt = Arrays.copyOf(symbolAt, symbols * 2);
                symbolLength = Arrays.copyOf(symbolLength, symbols * 2);
            }
            symbolLength[symbols] = in.length();
            symbolAt[symbols] = in.position;
            in.position += symbolLength[symbols++];
        }
    }

    private void readSeries(IngestLimits limits, DecodedBatch into) {
        int outer = in.enter();
        int start = in.position;
        refCount = 0;
        int rows = 0;
        long created = 0;
        int aboutAt = -1;
        while (in.hasMore()) {
            int fieldAt = in.position;
            int tag = in.tag();
            switch (tag) {
                case 0x08, 0x0a -> readRefs(tag);
                case 0x12 -> {
                    long began = RemoteWriteDecoder.readSample(in, into);
                    created = began == 0 ? created : began;
                    rows++;
                }
                case 0x1a -> {
                    int series = in.enter();
                    var histogram = histograms.read(in, limits);
                    into.addHistogram(histograms.timestamp(), histogram, histograms.reason());
                    in.leave(series);
                    rows++;
                }
                case 0x22 -> {
                    in.skipLength();
                    rows++;
                }
                case 0x2a -> {
                    aboutAt = fieldAt;
                    in.skipLength();
                }
                case 0x30 -> created = in.varint();
                default -> in.skip(tag);
            }
        }
        finishSeries(start, rows, created, aboutAt, limits, into);
        in.leave(outer);
    }

    /** What refers to symbols is read after the labels, since both share {@link #refs}. */
    private void finishSeries(int start, int rows, long created, int aboutAt, IngestLimits limits, DecodedBatch into) {
        if (refCount % 2 != 0) {
            throw new AuspexException(Code.BAD_DATA, "an odd number of label references: " + refCount);
        }
        int metric = metricName();
        int at = canonical.size();
        Reason reason = writeLabels(limits);
        if (rows > 0) {
            readExemplars(start, limits, into);
            int length = canonical.size() - at;
            if (reason == null) {
                into.addSeries(canonical.array(), at, length, at);
            } else {
                into.addRefused(canonical.array(), at, length, at, reason);
            }
            if (created != 0) {
                into.created(created);
            }
        } else {
            canonical.truncate(at);
        }
        if (aboutAt >= 0 && metric >= 0) {
            in.position = aboutAt;
            in.tag();
            readMetadata(metric, into);
        }
    }

    private void readRefs(int tag) {
        if (tag == 0x08) {
            addRef(in.varint());
            return;
        }
        int outer = in.enter();
        while (in.hasMore()) {
            addRef(in.varint());
        }
        in.leave(outer);
    }

    private void addRef(long ref) {
        int symbol = symbol(ref);
        if (refCount == refs.length) {
            refs = Arrays.copyOf(refs, refCount * 2);
        }
        refs[refCount++] = symbol;
    }

    /** The symbol of the metric name, -1 when there is none. */
    private int metricName() {
        for (int i = 0; i < refCount; i += 2) {
            int name = refs[i];
            if (symbolLength[name] == METRIC_NAME.length
                    && Arrays.equals(
                            in.bytes,
                            symbolAt[name],
                            symbolAt[name] + METRIC_NAME.length,
                            METRIC_NAME,
                            0,
                            METRIC_NAME.length)) {
                return refs[i + 1];
            }
        }
        return -1;
    }

    /** Writes the labels that {@link #refs} name in canonical form; says so when they are too large to be kept. */
    private @Nullable Reason writeLabels(IngestLimits limits) {
        int start = canonical.size();
        long total = 0;
        for (int i = 0; i < refCount; i++) {
            total += 4L + symbolLength[refs[i]];
        }
        boolean tooLarge = total > limits.maxLabelSetBytes();
        for (int i = 0; i < refCount; i += 2) {
            int name = refs[i];
            int value = refs[i + 1];
            int length = symbolLength[name] + symbolLength[value];
            if (tooLarge && canonical.size() - start + length > SHOWN) {
                break;
            }
            SeriesIdentity.writeCanonical(
                    in.bytes,
                    symbolAt[name],
                    symbolLength[name],
                    in.bytes,
                    symbolAt[value],
                    symbolLength[value],
                    canonical);
        }
        if (canonical.size() > limits.maxBodyBytes()) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE,
                    "the labels of the request take more than the limit of " + limits.maxBodyBytes() + " bytes");
        }
        return tooLarge ? Reason.LABELS_TOO_LARGE : null;
    }

    private void readExemplars(int start, IngestLimits limits, DecodedBatch into) {
        in.position = start;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x22) {
                int outer = in.enter();
                readExemplar(limits, into);
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void readExemplar(IngestLimits limits, DecodedBatch into) {
        refCount = 0;
        double value = 0;
        long timestamp = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x08, 0x0a -> readRefs(tag);
                case 0x11 -> value = in.fixedDouble();
                case 0x18 -> timestamp = in.varint();
                default -> in.skip(tag);
            }
        }
        int at = canonical.size();
        if (refCount % 2 != 0 || writeLabels(limits) != null) {
            into.addExemplar(null);
        } else {
            Labels own = labels.readUnnamed(canonical.array(), at, canonical.size() - at, limits);
            into.addExemplar(RemoteWriteDecoder.exemplar(own, value, timestamp));
        }
        canonical.truncate(at);
    }

    private void readMetadata(int metric, DecodedBatch into) {
        int outer = in.enter();
        long type = 0;
        int help = 0;
        int unit = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x08 -> type = in.varint();
                case 0x18 -> help = symbol(in.varint());
                case 0x20 -> unit = symbol(in.varint());
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        boolean says = type != 0 || help != 0 || unit != 0;
        boolean repeats = metric == aboutMetric && type == aboutType && help == aboutHelp && unit == aboutUnit;
        // A long text can be referred to often; past the budget metadata, which is a courtesy, is left out.
        long length = (long) symbolLength[metric] + symbolLength[help] + symbolLength[unit];
        if (says && !repeats && length <= textBudget) {
            textBudget -= length;
            aboutMetric = metric;
            aboutType = type;
            aboutHelp = help;
            aboutUnit = unit;
            into.addMetadata(new MetricMetadata(text(metric), RemoteWriteDecoder.type(type), text(help), text(unit)));
        }
    }

    private int symbol(long ref) {
        if (ref < 0 || ref >= symbols) {
            throw new AuspexException(
                    Code.BAD_DATA, "symbol " + Long.toUnsignedString(ref) + " is not one of " + symbols);
        }
        return (int) ref;
    }

    private String text(int symbol) {
        return symbol == 0 ? "" : new String(in.bytes, symbolAt[symbol], symbolLength[symbol], StandardCharsets.UTF_8);
    }
}
