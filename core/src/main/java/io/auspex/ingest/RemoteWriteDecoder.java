package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.platform.AuspexException;
import io.auspex.series.Exemplar;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads Prometheus remote-write 1.0 requests: a snappy block of a protobuf {@code WriteRequest}.
 *
 * <p>Kept and reused. Not thread-safe. A body costs no more than its length: it is checked before anything is
 * allocated for it, and the batch never grows beyond a small multiple of the bytes.
 */
public final class RemoteWriteDecoder {
    private static final int EXEMPLAR_LABELS_LIMIT = 128;
    private static final String[] TYPES = {
        "unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"
    };

    private final SnappyBlock snappy = new SnappyBlock();
    private final ProtoReader in = new ProtoReader();
    private final LabelReader labels = new LabelReader();
    private final HistogramReader histograms = new HistogramReader();

    /** Labels of series whose labels do not stand together; empty for every sender that was ever seen. */
    private final ByteWriter scattered = new ByteWriter();

    /**
     * Decodes a request into a batch, which is cleared first, and resolves its series.
     *
     * @throws AuspexException {@code BAD_DATA} when the body is not a write request, {@code PAYLOAD_TOO_LARGE} when it
     *     inflates beyond the limit
     */
    public void decode(
            byte[] body, int offset, int length, IngestLimits limits, SeriesResolver resolver, DecodedBatch into) {
        into.clear();
        int size = snappy.inflate(body, offset, length, limits.maxBodyBytes());
        decodeInflated(snappy.bytes(), size, limits, resolver, into);
    }

    private void decodeInflated(
            byte[] bytes, int size, IngestLimits limits, SeriesResolver resolver, DecodedBatch into) {
        in.reset(bytes, 0, size);
        histograms.begin(size);
        scattered.clear();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                readSeries(limits, into);
            } else if (tag == 0x1a) {
                readMetadata(into);
            } else {
                in.skip(tag);
            }
        }
        into.resolve(joined(bytes, size), limits, resolver, labels);
    }

    /** The inflated body, with scattered labels behind it, where {@link #readSeries} said that they are. */
    private byte[] joined(byte[] bytes, int size) {
        if (scattered.size() == 0) {
            return bytes;
        }
        byte[] joined = new byte[size + scattered.size()];
        System.arraycopy(bytes, 0, joined, 0, size);
        System.arraycopy(scattered.array(), 0, joined, size, scattered.size());
        return joined;
    }

    private void readSeries(IngestLimits limits, DecodedBatch into) {
        int outer = in.enter();
        int start = in.position;
        int labelStart = start;
        int labelEnd = skipShortLabels();
        boolean together = true;
        int rows = 0;
        while (in.hasMore()) {
            int fieldAt = in.position;
            int tag = in.tag();
            if (tag == 0x0a) {
                together &= labelEnd == fieldAt || labelEnd == labelStart;
                labelStart = labelEnd == labelStart ? fieldAt : labelStart;
                in.skipLength();
                labelEnd = in.position;
            } else {
                rows += readRow(tag, limits, into);
            }
        }
        if (rows > 0) {
            if (together) {
                into.addSeries(in.bytes, labelStart, labelEnd - labelStart, labelStart);
            } else {
                addScattered(start, outer, into);
            }
        }
        in.leave(outer);
    }

    /** Steps over the labels that open a series, as they do with every sender, and returns where they end. */
    private int skipShortLabels() {
        byte[] bytes = in.bytes;
        int end = in.limit;
        int at = in.position;
        while (end - at >= 2 && bytes[at] == 0x0a && bytes[at + 1] >= 0 && bytes[at + 1] <= end - at - 2) {
            at += 2 + bytes[at + 1];
        }
        in.position = at;
        return at;
    }

    /** Reads a sample, histogram or exemplar, or skips what it does not know; returns how many it added. */
    private int readRow(int tag, IngestLimits limits, DecodedBatch into) {
        switch (tag) {
            case 0x12 -> readSample(in, into);
            case 0x1a -> readExemplar(limits, into);
            case 0x22 -> {
                int outer = in.enter();
                var histogram = histograms.read(in, limits);
                into.addHistogram(histograms.timestamp(), histogram, histograms.reason());
                in.leave(outer);
            }
            default -> {
                in.skip(tag);
                return 0;
            }
        }
        return 1;
    }

    private void addScattered(int start, int bodyEnd, DecodedBatch into) {
        int at = scattered.size();
        in.position = start;
        while (in.hasMore()) {
            int fieldAt = in.position;
            int tag = in.tag();
            in.skip(tag);
            if (tag == 0x0a) {
                scattered.writeBytes(in.bytes, fieldAt, in.position - fieldAt);
            }
        }
        into.addSeries(scattered.array(), at, scattered.size() - at, bodyEnd + at);
    }

    /** Reads a {@code Sample}, which both versions share; returns when it began to count, 0 when it does not say. */
    static long readSample(ProtoReader in, DecodedBatch into) {
        int outer = in.enter();
        double value = 0;
        long timestamp = 0;
        long created = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x09 -> value = in.fixedDouble();
                case 0x10 -> timestamp = in.varint();
                case 0x18 -> created = in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        into.addSample(timestamp, value);
        return created;
    }

    private void readExemplar(IngestLimits limits, DecodedBatch into) {
        int outer = in.enter();
        ByteWriter own = new ByteWriter();
        double value = 0;
        long timestamp = 0;
        while (in.hasMore()) {
            int fieldAt = in.position;
            int tag = in.tag();
            switch (tag) {
                case 0x0a -> {
                    in.skip(tag);
                    own.writeBytes(in.bytes, fieldAt, in.position - fieldAt);
                }
                case 0x11 -> value = in.fixedDouble();
                case 0x18 -> timestamp = in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        into.addExemplar(exemplar(labels.readUnnamed(own.array(), 0, own.size(), limits), value, timestamp));
    }

    /** An exemplar within the limit that OpenMetrics sets: 128 characters of names and values. */
    static @Nullable Exemplar exemplar(@Nullable Labels labels, double value, long timestamp) {
        if (labels == null) {
            return null;
        }
        int characters = 0;
        for (int i = 0; i < labels.size(); i++) {
            characters += labels.name(i).codePointCount(0, labels.name(i).length())
                    + labels.value(i).codePointCount(0, labels.value(i).length());
        }
        return characters > EXEMPLAR_LABELS_LIMIT ? null : new Exemplar(labels, value, timestamp);
    }

    private void readMetadata(DecodedBatch into) {
        int outer = in.enter();
        long type = 0;
        String metric = "";
        String help = "";
        String unit = "";
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x08 -> type = in.varint();
                case 0x12 -> metric = text();
                case 0x22 -> help = text();
                case 0x2a -> unit = text();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        if (!metric.isEmpty()) {
            into.addMetadata(new MetricMetadata(metric, type(type), help, unit));
        }
    }

    /** The name of a metric type by its number, which both versions of the protocol share. */
    static String type(long number) {
        return number > 0 && number < TYPES.length ? TYPES[(int) number] : TYPES[0];
    }

    private String text() {
        int length = in.length();
        String text = new String(in.bytes, in.position, length, StandardCharsets.UTF_8);
        in.position += length;
        return text;
    }
}
