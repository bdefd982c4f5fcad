package io.auspex.series;

import io.auspex.codec.ByteWriter;
import io.auspex.codec.Hash128;
import java.nio.charset.StandardCharsets;

/**
 * The 128-bit identity of a label set: {@link Hash128} over its canonical bytes.
 *
 * <p>Canonical bytes are the labels of a remote-write 1.0 {@code TimeSeries} message, sorted by name, so that a
 * well-behaved sender's bytes are hashed as they come. Stored with each series; never changes.
 */
public record SeriesIdentity(long high, long low) {
    public static SeriesIdentity of(Labels labels) {
        ByteWriter bytes = new ByteWriter(64 * labels.size());
        writeCanonical(labels, bytes);
        long[] high = new long[1];
        long[] low = new long[1];
        Hash128.hash(bytes.array(), 0, bytes.size(), high, low, 0);
        return new SeriesIdentity(high[0], low[0]);
    }

    /** Appends the canonical bytes of a label set. */
    public static void writeCanonical(Labels labels, ByteWriter into) {
        for (int i = 0; i < labels.size(); i++) {
            byte[] name = labels.name(i).getBytes(StandardCharsets.UTF_8);
            byte[] value = labels.value(i).getBytes(StandardCharsets.UTF_8);
            writeCanonical(name, 0, name.length, value, 0, value.length, into);
        }
    }

    /** Appends the canonical bytes of one label. */
    public static void writeCanonical(
            byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength, ByteWriter into) {
        into.writeByte(0x0a);
        into.writeVarint(2L + varintLength(nameLength) + nameLength + varintLength(valueLength) + valueLength);
        into.writeByte(0x0a);
        into.writeVarint(nameLength);
        into.writeBytes(name, nameAt, nameLength);
        into.writeByte(0x12);
        into.writeVarint(valueLength);
        into.writeBytes(value, valueAt, valueLength);
    }

    private static int varintLength(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
    }
}
