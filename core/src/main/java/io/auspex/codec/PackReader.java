package io.auspex.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads series out of a frame of a pack, each without the others.
 *
 * <p>Kept and reused; holds native memory until closed. Not thread-safe.
 */
public final class PackReader implements AutoCloseable {
    /** Lets the unpacking of bits read eight bytes at once up to the last value. */
    private static final int SLACK = 8;

    /** Timestamps for which room is made at once at most. */
    private static final int MOST_AT_ONCE = 1 << 16;

    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final ByteReader in = new ByteReader();
    private byte[] raw = new byte[64 << 10];
    private PackDirectory.@Nullable Frame frame;

    /** Where the bytes of each vector of timestamps begin, and where it was decoded to, -1 while it was not. */
    private int[] vectorStart = {};

    private int[] vectorAt = {};

    private int vectorsEnd;
    private long[] vectors = new long[512];
    private int[] valueAt = {};
    private int[] valueLength = {};
    private boolean[] withBlobs = {};

    /**
     * Checks and inflates a frame, which becomes the current one.
     *
     * @param bytes holds the frame at {@code offset}: the whole pack with {@link PackDirectory#frameOffset}, or a slice
     * @throws FormatException when the frame is damaged
     */
    public void frame(PackDirectory directory, int index, byte[] bytes, int offset) {
        frame = null;
        PackDirectory.Frame next = directory.frame(index);
        if (offset < 0 || next.length > bytes.length - offset) {
            throw FormatException.corrupt("frame " + index + " is cut off");
        }
        if (PackFormat.checksum(bytes, offset, next.length) != next.checksum) {
            throw FormatException.corrupt("frame " + index + " does not match its checksum");
        }
        if (raw.length < next.rawLength + SLACK) {
            raw = new byte[Math.max(next.rawLength + SLACK, (int) Math.min(raw.length * 2L, 64 << 20))];
        }
        inflate(next, bytes, offset);
        in.reset(raw, 0, next.rawLength);
        locate(next);
        frame = next;
    }

    private void inflate(PackDirectory.Frame next, byte[] bytes, int offset) {
        if (next.length == next.rawLength) {
            System.arraycopy(bytes, offset, raw, 0, next.length);
            return;
        }
        try {
            int length = zstd.decompressByteArray(raw, 0, next.rawLength, bytes, offset, next.length);
            if (length != next.rawLength) {
                throw FormatException.corrupt("frame inflates to " + length + " instead of " + next.rawLength);
            }
        } catch (ZstdException e) {
            throw FormatException.corrupt("frame does not inflate: " + e.getMessage());
        }
    }

    /** Notes where each vector of timestamps and the values of each series begin. */
    private void locate(PackDirectory.Frame next) {
        vectorsEnd = 0;
        vectorAt = new int[next.counts.length];
        vectorStart = new int[next.counts.length];
        for (int i = 0; i < next.counts.length; i++) {
            vectorAt[i] = -1;
            vectorStart[i] = in.position();
            decoder.skipTimestamps(in, next.counts[i]);
        }
        int series = next.vectorOf.length;
        valueAt = new int[series];
        valueLength = new int[series];
        withBlobs = new boolean[series];
        for (int i = 0; i < series; i++) {
            if (next.vectorOf[i] >= 0) {
                long length = in.readVarint();
                valueLength[i] = (int) Math.min(length >>> 1, Integer.MAX_VALUE);
                withBlobs[i] = (length & 1) != 0;
            }
        }
        int at = in.position();
        for (int i = 0; i < series; i++) {
            valueAt[i] = at;
            at = Math.addExact(at, valueLength[i]);
        }
        if (at != in.end()) {
            throw FormatException.corrupt("values of the frame end at " + at + " instead of " + in.end());
        }
    }

    private PackDirectory.Frame current() {
        PackDirectory.Frame current = frame;
        if (current == null) {
            throw new IllegalStateException("no frame was opened");
        }
        return current;
    }

    /** Samples of a series in the current frame. */
    public int count(int series) {
        int vector = current().vectorOf[series];
        return vector < 0 ? 0 : current().counts[vector];
    }

    /** Writes all samples of a series in the current frame, {@link #count} of them, from index {@code at} on. */
    public void read(int series, long[] timestamps, double[] values, int at) {
        int count = count(series);
        if (count > 0) {
            System.arraycopy(vectors, vector(series), timestamps, at, count);
            in.reset(raw, valueAt[series], valueLength[series]);
            decoder.values(in, count, values, at);
        }
    }

    /**
     * Writes the samples of a series in the current frame within {@code [fromMillis, toMillis]}, both inclusive, from
     * index {@code at} on, where there is room for {@link #count} of them.
     *
     * @return how many there are
     */
    public int read(int series, long fromMillis, long toMillis, long[] timestamps, double[] values, int at) {
        int count = count(series);
        if (count == 0) {
            return 0;
        }
        int begin = vector(series);
        int end = begin + count;
        int first = fromMillis <= vectors[begin] ? begin : firstFrom(fromMillis, begin, end);
        int last = vectors[end - 1] <= toMillis ? end : firstFrom(toMillis + 1, first, end);
        int found = Math.max(0, last - first);
        if (found > 0) {
            in.reset(raw, valueAt[series], valueLength[series]);
            decoder.values(in, count, last - begin, values, at);
            System.arraycopy(values, at + first - begin, values, at, found);
            System.arraycopy(vectors, first, timestamps, at, found);
        }
        return found;
    }

    private int firstFrom(long millis, int begin, int end) {
        int found = Arrays.binarySearch(vectors, begin, end, millis);
        return found >= 0 ? found : -found - 1;
    }

    /** Where the timestamps of a series are; most series share theirs with others. */
    private int vector(int series) {
        PackDirectory.Frame now = current();
        int vector = now.vectorOf[series];
        if (vectorAt[vector] < 0) {
            int count = now.counts[vector];
            if (vectors.length - vectorsEnd < count) {
                // most often the others are asked for, too
                int all = (int) Math.min(
                        MOST_AT_ONCE, IntStream.of(now.counts).asLongStream().sum());
                vectors = Arrays.copyOf(vectors, Math.max(vectorsEnd + count, Math.max(all, vectors.length * 2)));
            }
            in.reset(raw, vectorStart[vector], now.rawLength - vectorStart[vector]);
            decoder.timestamps(in, count, vectors, vectorsEnd);
            vectorAt[vector] = vectorsEnd;
            vectorsEnd += count;
        }
        return vectorAt[vector];
    }

    /** Whether some samples of the series in the current frame are blobs. */
    public boolean hasBlobs(int series) {
        return current().vectorOf[series] >= 0 && withBlobs[series];
    }

    /** The blobs of a series in the current frame, by index of the sample; null where the sample is a float. */
    public byte[] @Nullable [] blobs(int series) {
        int count = count(series);
        byte[] @Nullable [] blobs = new byte[count][];
        if (!hasBlobs(series)) {
            return blobs;
        }
        in.reset(raw, valueAt[series], valueLength[series]);
        decoder.values(in, count, new double[count], 0);
        int present = in.readBounded(count, "number of blobs");
        int position = -1;
        for (int i = 0; i < present; i++) {
            position += 1 + in.readBounded(count, "gap between blobs");
            if (position >= count) {
                throw FormatException.corrupt("blob at " + position + " of " + count);
            }
            blobs[position] = in.readBytes(in.readLength());
        }
        return blobs;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
