package io.auspex.system;

import io.airlift.compress.snappy.SnappyCompressor;
import io.auspex.codec.ByteWriter;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import java.util.Arrays;

/** A remote-write 1.0 request as Prometheus sends it: one message per series and sample, snappy over the whole. Not thread-safe. */
public final class RemoteWriteRequest {
    /** Has a table of its own and belongs to one thread. */
    private final SnappyCompressor snappy = new SnappyCompressor();

    private final ByteWriter message = new ByteWriter(1 << 16);
    private final ByteWriter series = new ByteWriter(512);
    private int samples;

    public RemoteWriteRequest add(Labels labels, long epochMillis, double value) {
        series.clear();
        SeriesIdentity.writeCanonical(labels, series);
        return add(series.array(), series.size(), epochMillis, value);
    }

    /** @param labels canonical label bytes ({@link SeriesIdentity}) */
    public RemoteWriteRequest add(byte[] labels, int length, long epochMillis, double value) {
        int sample = 9 + 1 + varintLength(epochMillis);
        message.writeByte(1 << 3 | 2);
        message.writeVarint(length + 1 + 1 + sample);
        message.writeBytes(labels, 0, length);
        message.writeByte(2 << 3 | 2);
        message.writeByte(sample);
        message.writeByte(1 << 3 | 1);
        message.writeLong(Double.doubleToRawLongBits(value));
        message.writeByte(2 << 3);
        message.writeVarint(epochMillis);
        samples++;
        return this;
    }

    public int samples() {
        return samples;
    }

    /** The body; the request is empty afterwards. */
    public byte[] toBody() {
        byte[] body = compress(message.array(), message.size());
        message.clear();
        samples = 0;
        return body;
    }

    private byte[] compress(byte[] bytes, int length) {
        byte[] compressed = new byte[snappy.maxCompressedLength(length)];
        int size = snappy.compress(bytes, 0, length, compressed, 0, compressed.length);
        return Arrays.copyOf(compressed, size);
    }

    private static int varintLength(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
}
