package io.auspex.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects one frame of a pack: distinct vectors of timestamps, then each series' values. */
final class FrameWriter {
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final ByteWriter raw = new ByteWriter(64 << 10);
    private final ByteWriter body = new ByteWriter(64 << 10);
    private final int[] vectorStart = new int[PackWriter.MAX_SERIES];
    private final int[] vectorCount = new int[PackWriter.MAX_SERIES];
    private final int[] vectorOf = new int[PackWriter.MAX_SERIES];
    private final int[] lengths = new int[PackWriter.MAX_SERIES];
    private final boolean[] withBlobs = new boolean[PackWriter.MAX_SERIES];
    private long[] timestamps = {};
    private double[] values = {};
    private int vectors;
    private int series;

    void begin(long[] allTimestamps, double[] allValues) {
        timestamps = allTimestamps;
        values = allValues;
        vectors = 0;
        series = 0;
        raw.clear();
        body.clear();
    }

    /** Adds the next series; {@code count} may be 0. */
    void add(int start, int count, byte @Nullable [] @Nullable [] blobs, int firstBlob) {
        vectorOf[series] = count == 0 ? -1 : vector(start, count);
        int before = body.size();
        boolean hasBlobs = false;
        if (count > 0) {
            encoder.values(values, start, count, body);
            hasBlobs = blobs != null && writeBlobs(blobs, firstBlob, count);
        }
        withBlobs[series] = hasBlobs;
        lengths[series++] = body.size() - before;
    }

    private int vector(int start, int count) {
        for (int i = 0; i < vectors; i++) {
            int other = vectorStart[i];
            if (vectorCount[i] == count
                    && Arrays.equals(timestamps, other, other + count, timestamps, start, start + count)) {
                return i;
            }
        }
        vectorStart[vectors] = start;
        vectorCount[vectors] = count;
        return vectors++;
    }

    private boolean writeBlobs(byte[] @Nullable [] blobs, int first, int count) {
        int present = 0;
        for (int i = first; i < first + count; i++) {
            present += blobs[i] == null ? 0 : 1;
        }
        if (present == 0) {
            return false;
        }
        body.writeVarint(present);
        int previous = -1;
        for (int i = 0; i < count; i++) {
            byte @Nullable [] blob = blobs[first + i];
            if (blob != null) {
                body.writeVarint(i - previous - 1);
                body.writeVarint(blob.length);
                body.writeBytes(blob, 0, blob.length);
                previous = i;
            }
        }
        return true;
    }

    /** The bytes of the frame before compression; valid until the next frame. */
    ByteWriter finish() {
        for (int i = 0; i < vectors; i++) {
            encoder.timestamps(timestamps, vectorStart[i], vectorCount[i], raw);
        }
        for (int i = 0; i < series; i++) {
            if (vectorOf[i] >= 0) {
                raw.writeVarint((long) lengths[i] << 1 | (withBlobs[i] ? 1 : 0));
            }
        }
        raw.writeBytes(body.array(), 0, body.size());
        return raw;
    }

    long minTime() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < vectors; i++) {
            least = Math.min(least, timestamps[vectorStart[i]]);
        }
        return least;
    }

    long maxTime() {
        long most = Long.MIN_VALUE;
        for (int i = 0; i < vectors; i++) {
            most = Math.max(most, timestamps[vectorStart[i] + vectorCount[i] - 1]);
        }
        return most;
    }

    /** Writes the directory's part about vectors: count and time range of each, and which series has which. */
    void writeVectors(ByteWriter directory) {
        long least = minTime();
        directory.writeVarint(vectors);
        for (int i = 0; i < vectors; i++) {
            long first = timestamps[vectorStart[i]];
            directory.writeVarint(vectorCount[i] - 1L);
            directory.writeVarint(first - least);
            directory.writeVarint(timestamps[vectorStart[i] + vectorCount[i] - 1] - first);
        }
        boolean allShareOne = Arrays.stream(vectorOf, 0, series).allMatch(vector -> vector == 0);
        directory.writeByte(allShareOne ? 0 : 1);
        for (int i = 0; i < series && !allShareOne; i++) {
            directory.writeVarint(vectorOf[i] + 1L);
        }
    }
}
