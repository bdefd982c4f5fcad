package io.auspex.codec;

import java.util.Arrays;

/**
 * What a pack holds and where: read from its first bytes, without the frames.
 *
 * <p>Immutable. Series are numbered by ascending id, frames by time. Offsets count from the start of the pack, so a
 * frame may be fetched alone (as a slice of the stored bytes) and given to {@link PackReader}.
 */
public final class PackDirectory {
    /** How many first bytes of a pack {@link #prefixLength} needs. */
    public static final int HEADER_LENGTH = PackFormat.HEADER;

    private final long[] seriesIds;
    private final Frame[] frames;

    private PackDirectory(long[] seriesIds, Frame[] frames) {
        this.seriesIds = seriesIds;
        this.frames = frames;
    }

    /**
     * Reads a directory from a pack or from a prefix of one; {@link #prefixLength} says how long the prefix must be.
     *
     * @throws FormatException when the bytes are damaged or of another version
     */
    public static PackDirectory parse(byte[] pack) {
        ByteReader in = new ByteReader(pack);
        int length = PackFormat.readHeader(in);
        int checksum = in.readInt();
        if (length > in.remaining() || PackFormat.checksum(pack, PackFormat.HEADER, length) != checksum) {
            throw FormatException.corrupt("directory of the pack does not match its checksum");
        }
        in.reset(pack, PackFormat.HEADER, length);
        long[] ids = readIds(in);
        Frame[] frames = new Frame[in.readBounded(in.remaining(), "number of frames")];
        int offset = PackFormat.HEADER + length;
        long previous = 0;
        for (int i = 0; i < frames.length; i++) {
            Frame frame = Frame.read(in, previous, offset, ids.length);
            frames[i] = frame;
            previous = frame.maxTime;
            offset = Math.addExact(offset, frame.length);
        }
        return new PackDirectory(ids, frames);
    }

    /** How many bytes of the pack the directory takes, told by its first {@link #HEADER_LENGTH} bytes. */
    public static int prefixLength(byte[] firstBytes) {
        return PackFormat.HEADER + PackFormat.readHeader(new ByteReader(firstBytes));
    }

    private static long[] readIds(ByteReader in) {
        long[] ids = new long[in.readBounded(PackWriter.MAX_SERIES, "number of series")];
        long id = 0;
        for (int i = 0; i < ids.length; i++) {
            id = i == 0 ? in.readZigzag() : id + 1 + in.readVarint();
            ids[i] = id;
        }
        return ids;
    }

    public int seriesCount() {
        return seriesIds.length;
    }

    public long seriesId(int series) {
        return seriesIds[series];
    }

    /** The number of a series in this pack, -1 when it is not in it. */
    public int find(long seriesId) {
        return Math.max(-1, Arrays.binarySearch(seriesIds, seriesId));
    }

    public int frameCount() {
        return frames.length;
    }

    /** First timestamp of any sample in the frame. */
    public long frameMinTime(int frame) {
        return frames[frame].minTime;
    }

    /** Last timestamp of any sample in the frame. */
    public long frameMaxTime(int frame) {
        return frames[frame].maxTime;
    }

    public int frameOffset(int frame) {
        return frames[frame].offset;
    }

    public int frameLength(int frame) {
        return frames[frame].length;
    }

    /** Samples of a series in a frame, 0 when it has none there. */
    public int sampleCount(int frame, int series) {
        int vector = frames[frame].vectorOf[series];
        return vector < 0 ? 0 : frames[frame].counts[vector];
    }

    /** About how many samples of all series there are from one time to another: those of the frames between. */
    public long samplesWithin(long fromMillis, long toMillis) {
        long total = 0;
        for (Frame frame : frames) {
            if (frame.minTime <= toMillis && frame.maxTime >= fromMillis) {
                for (int vector : frame.vectorOf) {
                    total += vector < 0 ? 0 : frame.counts[vector];
                }
            }
        }
        return total;
    }

    /** First timestamp of a series in a frame; only where {@link #sampleCount} is positive. */
    public long minTime(int frame, int series) {
        return frames[frame].minTimes[frames[frame].vectorOf[series]];
    }

    /** Last timestamp of a series in a frame; only where {@link #sampleCount} is positive. */
    public long maxTime(int frame, int series) {
        return frames[frame].maxTimes[frames[frame].vectorOf[series]];
    }

    Frame frame(int index) {
        return frames[index];
    }

    /** One frame: where it lies, and per vector of timestamps how many and from when to when. */
    static final class Frame {
        final long minTime;
        final long maxTime;
        final int offset;
        final int length;
        final int rawLength;
        final int checksum;
        final int[] counts;
        final long[] minTimes;
        final long[] maxTimes;

        /** The vector of each series, -1 where the series has no samples. */
        final int[] vectorOf;

        private Frame(ByteReader in, long previous, int offset, int series) {
            this.offset = offset;
            minTime = previous + in.readZigzag();
            maxTime = minTime + in.readVarint();
            rawLength = in.readBounded(Integer.MAX_VALUE - 64, "length of a frame");
            length = in.readBounded(rawLength, "stored length of a frame");
            checksum = in.readInt();
            int vectors = in.readBounded(series, "number of timestamp vectors");
            counts = new int[vectors];
            minTimes = new long[vectors];
            maxTimes = new long[vectors];
            for (int i = 0; i < vectors; i++) {
                counts[i] = 1 + in.readBounded(LongBlock.MAX_COUNT - 1, "number of samples");
                minTimes[i] = minTime + in.readVarint();
                maxTimes[i] = minTimes[i] + in.readVarint();
            }
            vectorOf = new int[series];
            if (in.readByte() != 0) {
                for (int i = 0; i < series; i++) {
                    vectorOf[i] = in.readBounded(vectors, "timestamp vector of a series") - 1;
                }
            }
        }

        static Frame read(ByteReader in, long previous, int offset, int series) {
            return new Frame(in, previous, offset, series);
        }
    }
}
