package io.auspex.codec;

import io.airlift.compress.lz4.Lz4Compressor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds a log record: one batch of samples of one tenant, to be written durably before it is acknowledged
 * (docs/format/log.md).
 *
 * <p>Kept and reused. Not thread-safe.
 */
public final class LogEncoder {
    /** The largest part that PostgreSQL keeps in an 8 kB page with {@code STORAGE PLAIN} and a few columns beside it. */
    public static final int MAX_PART = 7_900;

    private final Lz4Compressor lz4 = new Lz4Compressor();
    private final ByteWriter raw = new ByteWriter(32 << 10);
    private final ByteWriter record = new ByteWriter(32 << 10);
    private long[] seriesIds = new long[2048];
    private long[] timestamps = new long[2048];
    private double[] values = new double[2048];
    private byte[] codes = new byte[2048];
    private int count;
    private final List<Blob> blobs = new ArrayList<>();

    private record Blob(long seriesId, long timestamp, byte[] bytes) {}

    /** Adds a float sample. Cheapest when samples come series by series, or scrape by scrape, as senders send them. */
    public void add(long seriesId, long timestamp, double value) {
        if (count == seriesIds.length) {
            int grown = count * 2;
            seriesIds = Arrays.copyOf(seriesIds, grown);
            timestamps = Arrays.copyOf(timestamps, grown);
            values = Arrays.copyOf(values, grown);
            codes = new byte[grown];
        }
        seriesIds[count] = seriesId;
        timestamps[count] = timestamp;
        values[count++] = value;
    }

    /** Adds a sample that is bytes of the caller's own format (a native histogram). */
    public void addBlob(long seriesId, long timestamp, byte[] blob) {
        blobs.add(new Blob(seriesId, timestamp, blob));
    }

    /** Samples added. */
    public int count() {
        return count + blobs.size();
    }

    /**
     * The record, cut into parts of at most {@code maxPart} bytes in order; the encoder is empty afterwards. Parts are
     * slices: {@link LogDecoder} needs all of them.
     */
    public byte[][] finish(int maxPart) {
        if (maxPart < LogFormat.HEADER) {
            throw new IllegalArgumentException("a part must hold the header of " + LogFormat.HEADER + " bytes");
        }
        writePayload();
        seal();
        byte[][] parts = new byte[(record.size() + maxPart - 1) / maxPart][];
        for (int i = 0; i < parts.length; i++) {
            int from = i * maxPart;
            parts[i] = Arrays.copyOfRange(record.array(), from, Math.min(record.size(), from + maxPart));
        }
        count = 0;
        blobs.clear();
        return parts;
    }

    private void writePayload() {
        raw.clear();
        raw.writeVarint(count);
        raw.writeVarint(blobs.size());
        DeltaRuns.write(seriesIds, count, raw);
        DeltaRuns.write(timestamps, count, raw);
        writeValues();
        for (Blob blob : blobs) {
            raw.writeVarint(blob.seriesId());
            raw.writeZigzag(blob.timestamp());
            raw.writeVarint(blob.bytes().length);
            raw.writeBytes(blob.bytes(), 0, blob.bytes().length);
        }
    }

    /** Codes in runs first, then the numbers: both repeat more among themselves than with each other. */
    private void writeValues() {
        for (int i = 0; i < count; i++) {
            codes[i] = (byte) code(values[i]);
        }
        for (int i = 0; i < count; ) {
            int end = i + 1;
            while (end < count && codes[end] == codes[i]) {
                end++;
            }
            raw.writeVarint((long) (end - i) << 3 | codes[i]);
            i = end;
        }
        for (int i = 0; i < count; i++) {
            if (codes[i] == LogFormat.RAW) {
                raw.writeLong(Double.doubleToRawLongBits(values[i]));
            } else {
                raw.writeZigzag(Decimals.mantissa(values[i], LogFormat.SCALES[codes[i]]));
            }
        }
    }

    /** The code of the smallest scale that is exact; a whole number is by far the most common. */
    private static int code(double value) {
        for (int code = 0; code < LogFormat.RAW; code++) {
            if (Decimals.isExact(value, LogFormat.SCALES[code])) {
                return code;
            }
        }
        return LogFormat.RAW;
    }

    private void seal() {
        record.clear();
        record.ensure(LogFormat.HEADER);
        record.advance(LogFormat.HEADER);
        int bound = lz4.maxCompressedLength(raw.size());
        record.ensure(bound);
        int length = lz4.compress(raw.array(), 0, raw.size(), record.array(), LogFormat.HEADER, bound);
        boolean smaller = length < raw.size();
        if (smaller) {
            record.advance(length);
        } else {
            record.writeBytes(raw.array(), 0, raw.size());
        }
        byte[] bytes = record.array();
        bytes[0] = (byte) LogFormat.MAGIC;
        bytes[1] = LogFormat.KIND;
        bytes[2] = LogFormat.VERSION;
        bytes[3] = (byte) (smaller ? LogFormat.LZ4 : 0);
        record.putInt(8, record.size() - LogFormat.HEADER);
        record.putInt(12, raw.size());
        record.putInt(4, PackFormat.checksum(bytes, 8, record.size() - 8));
    }
}
