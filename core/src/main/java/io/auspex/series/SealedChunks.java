package io.auspex.series;

import io.auspex.codec.ByteReader;
import io.auspex.codec.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * The sealed samples of one series in the head: chunks in ascending order of time in one array of bytes.
 *
 * <p>A chunk is a varint count, the first timestamp as zigzag difference to the last one of the chunk before, the
 * varint time it spans, the varint length of the rest; then timestamps relative to the first, then values. Samples are
 * sealed {@link #SMALL} at a time; once the small chunks at the end would hold {@link #MAX_SAMPLES}, they become one,
 * which halves what they take. In memory only, so without version and checksum.
 */
final class SealedChunks {
    /** Samples sealed at once: the raw tail of a series. */
    static final int SMALL = 16;

    /** Samples of a full chunk. */
    static final int MAX_SAMPLES = 128;

    private SealedChunks() {}

    /** Seals a column's samples behind those already sealed, and returns the bytes of all. */
    static byte[] append(byte @Nullable [] sealed, SampleColumn samples, HeadScratch scratch) {
        ByteWriter out = scratch.out;
        out.clear();
        long last = 0;
        int keep = 0;
        if (sealed != null) {
            Walk walk = new Walk(sealed, scratch.in);
            int small = 0;
            long lastBeforeSmall = 0;
            while (walk.next()) {
                if (walk.count > MAX_SAMPLES / 2) {
                    keep = walk.end;
                    lastBeforeSmall = walk.last;
                    small = 0;
                } else {
                    small += walk.count;
                }
                last = walk.last;
            }
            if (small + samples.size() >= MAX_SAMPLES) {
                out.writeBytes(sealed, 0, keep);
                merge(sealed, keep, lastBeforeSmall, samples, scratch);
                return out.toByteArray();
            }
            out.writeBytes(sealed, 0, sealed.length);
        }
        writeAll(samples, last, scratch);
        return out.toByteArray();
    }

    private static void merge(byte[] sealed, int from, long last, SampleColumn samples, HeadScratch scratch) {
        SampleColumn joined = scratch.rest;
        joined.clear();
        Walk walk = new Walk(sealed, scratch.in, from, last);
        while (walk.next()) {
            walk.decode(scratch, joined);
        }
        for (int i = 0; i < samples.size(); i++) {
            joined.append(samples.timestamp(i), samples.value(i));
        }
        writeAll(joined, last, scratch);
    }

    private static void writeAll(SampleColumn samples, long lastBefore, HeadScratch scratch) {
        long last = lastBefore;
        for (int at = 0; at < samples.size(); at += MAX_SAMPLES) {
            int count = Math.min(MAX_SAMPLES, samples.size() - at);
            writeChunk(samples, at, count, last, scratch);
            last = samples.timestamp(at + count - 1);
        }
    }

    private static void writeChunk(SampleColumn samples, int at, int count, long last, HeadScratch scratch) {
        ByteWriter out = scratch.out;
        long first = samples.timestamp(at);
        out.writeVarint(count);
        out.writeZigzag(first - last);
        out.writeVarint(samples.timestamp(at + count - 1) - first);
        int lengthAt = out.size();
        // Two bytes for the length: enough for 128 samples of any bits, and fixed so that it can be filled in later.
        out.writeByte(0);
        out.writeByte(0);
        for (int i = 0; i < count; i++) {
            scratch.relative[i] = samples.timestamp(at + i) - first;
        }
        scratch.encoder.quickly(count < MAX_SAMPLES);
        scratch.encoder.timestamps(scratch.relative, 0, count, out);
        scratch.encoder.values(samples.values(), at, count, out);
        int length = out.size() - lengthAt - 2;
        out.array()[lengthAt] = (byte) length;
        out.array()[lengthAt + 1] = (byte) (length >>> 8);
    }

    /** Adds the samples within {@code [from, to]} to a column, skipping chunks outside. */
    static void read(byte[] sealed, long from, long to, HeadScratch scratch, SampleColumn into) {
        Walk walk = new Walk(sealed, scratch.in);
        while (walk.next() && walk.first <= to) {
            if (walk.last >= from) {
                int start = into.size();
                walk.decode(scratch, into);
                int count = into.size() - start;
                if (walk.first < from || walk.last > to) {
                    into.resize(
                            start + PackedColumns.keepRange(into.timestamps(), into.values(), start, count, from, to));
                }
            }
        }
    }

    static long firstTime(byte[] sealed, ByteReader in) {
        Walk walk = new Walk(sealed, in);
        return walk.next() ? walk.first : Long.MAX_VALUE;
    }

    /** How many chunks there are. */
    static int count(byte[] sealed, ByteReader in) {
        Walk walk = new Walk(sealed, in);
        int count = 0;
        while (walk.next()) {
            count++;
        }
        return count;
    }

    /** Steps over the headers of chunks. */
    private static final class Walk {
        private final ByteReader in;
        private int start;
        private int end;
        private int count;
        private long first;
        private long last;

        Walk(byte[] sealed, ByteReader in) {
            this(sealed, in, 0, 0);
        }

        Walk(byte[] sealed, ByteReader in, int from, long lastBefore) {
            this.in = in.reset(sealed, from, sealed.length - from);
            end = from;
            last = lastBefore;
        }

        boolean next() {
            in.skip(end - in.position());
            if (in.remaining() == 0) {
                return false;
            }
            count = (int) in.readVarint();
            first = last + in.readZigzag();
            last = first + in.readVarint();
            int length = in.readByte() | in.readByte() << 8;
            start = in.position();
            end = start + length;
            return true;
        }

        void decode(HeadScratch scratch, SampleColumn into) {
            int at = into.size();
            into.ensure(at + count);
            long[] timestamps = into.timestamps();
            scratch.decoder.timestamps(in, count, timestamps, at);
            for (int i = at; i < at + count; i++) {
                timestamps[i] += first;
            }
            scratch.decoder.values(in, count, into.values(), at);
            into.resize(at + count);
            assert in.position() == end : "chunk at " + start + " ends at " + in.position() + " instead of " + end;
        }
    }
}
