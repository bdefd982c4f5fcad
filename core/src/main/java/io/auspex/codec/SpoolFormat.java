package io.auspex.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Records of the spool, which keeps acknowledged samples on a node's own disk while the database is away
 * (docs/format/spool.md).
 */
public final class SpoolFormat {
    static final int MAGIC = 0xaa;
    static final int KIND = 'S';
    static final int VERSION = 1;

    /** Magic, kind, version, content; checksum of all else; length of the body; tenant; time of arrival. */
    static final int HEADER = 24;

    static final int SERIES = 1;
    static final int SAMPLES = 2;

    /** A bound on a body, far above what a request may hold, so that damage cannot allocate the heap. */
    static final int MAX_BODY = 256 << 20;

    private SpoolFormat() {}

    /**
     * A series that was created while the database was away.
     *
     * @param id stands for it in the records of samples that follow
     * @param labels as the database keeps them
     */
    public record Series(long id, long high, long low, long segment, int slot, String labels) {}

    /** A record that introduces series; it stands before the first samples of each. */
    public static byte[] series(int tenant, long arrivedMillis, List<Series> series) {
        ByteWriter out = begin(SERIES, tenant, arrivedMillis, 256 * series.size());
        out.writeVarint(series.size());
        for (Series one : series) {
            byte[] labels = one.labels().getBytes(StandardCharsets.UTF_8);
            out.writeVarint(one.id());
            out.writeLong(one.high());
            out.writeLong(one.low());
            out.writeVarint(one.segment());
            out.writeVarint(one.slot());
            out.writeVarint(labels.length);
            out.writeBytes(labels, 0, labels.length);
        }
        return seal(out);
    }

    /**
     * A record with a batch of samples.
     *
     * @param parts all parts of a log record, in order
     */
    public static byte[] samples(int tenant, long arrivedMillis, int samples, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteWriter out = begin(SAMPLES, tenant, arrivedMillis, length + 10);
        out.writeVarint(samples);
        for (byte[] part : parts) {
            out.writeBytes(part, 0, part.length);
        }
        return seal(out);
    }

    private static ByteWriter begin(int content, int tenant, long arrivedMillis, int capacity) {
        ByteWriter out = new ByteWriter(HEADER + capacity);
        out.writeByte(MAGIC);
        out.writeByte(KIND);
        out.writeByte(VERSION);
        out.writeByte(content);
        out.writeInt(0);
        out.writeInt(0);
        out.writeInt(tenant);
        out.writeLong(arrivedMillis);
        return out;
    }

    private static byte[] seal(ByteWriter out) {
        out.putInt(8, out.size() - HEADER);
        out.putInt(4, checksum(out.array(), 0, out.size()));
        return out.toByteArray();
    }

    /** Over all of a record but the checksum itself. */
    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, 4);
        crc.update(bytes, offset + 8, length - 8);
        return (int) crc.getValue();
    }

    static List<Series> readSeries(ByteReader body) {
        int count = body.readBounded(body.remaining(), "number of series");
        List<Series> series = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            series.add(new Series(
                    body.readVarint(),
                    body.readLong(),
                    body.readLong(),
                    body.readVarint(),
                    body.readBounded(Integer.MAX_VALUE, "slot"),
                    new String(body.readBytes(body.readLength()), StandardCharsets.UTF_8)));
        }
        return series;
    }
}
