package io.auspex.codec;

import java.util.List;

/**
 * Reads the records of a spool file in order. What is damaged is passed over up to the next whole record and counted;
 * what was cut off at the end by a crash was never acknowledged and is not.
 *
 * <p>Not thread-safe.
 */
public final class SpoolReader {
    private final byte[] file;
    private final ByteReader in = new ByteReader();
    private int at;
    private int damaged;
    private int content;
    private int tenant;
    private long arrivedMillis;
    private int bodyAt;
    private int bodyLength;

    public SpoolReader(byte[] file) {
        this.file = file;
    }

    /**
     * Goes to the next whole record, if there is one.
     *
     * @throws FormatException when it was written by a release that this one does not know
     */
    public boolean next() {
        int from = at;
        while (at <= file.length - SpoolFormat.HEADER) {
            if (isWhole(at)) {
                if (at > from) {
                    damaged++;
                }
                at = bodyAt + bodyLength;
                return true;
            }
            at++;
        }
        at = file.length;
        return false;
    }

    private boolean isWhole(int position) {
        if ((file[position] & 0xff) != SpoolFormat.MAGIC || file[position + 1] != SpoolFormat.KIND) {
            return false;
        }
        in.reset(file, position + 2, file.length - position - 2);
        int version = in.readByte();
        content = in.readByte();
        int checksum = in.readInt();
        int length = in.readInt();
        if (length < 0
                || length > SpoolFormat.MAX_BODY
                || length > file.length - position - SpoolFormat.HEADER
                || SpoolFormat.checksum(file, position, SpoolFormat.HEADER + length) != checksum) {
            return false;
        }
        FormatException.checkVersion("spool record", version, SpoolFormat.VERSION, SpoolFormat.VERSION);
        tenant = in.readInt();
        arrivedMillis = in.readLong();
        bodyAt = position + SpoolFormat.HEADER;
        bodyLength = length;
        return true;
    }

    /** Stretches of damage that whole records followed. */
    public int damaged() {
        return damaged;
    }

    public boolean isSeries() {
        return content == SpoolFormat.SERIES;
    }

    public int tenant() {
        return tenant;
    }

    /** When the record was written, in Unix milliseconds. */
    public long arrivedMillis() {
        return arrivedMillis;
    }

    /** The series that the record introduces. */
    public List<SpoolFormat.Series> series() {
        return SpoolFormat.readSeries(in.reset(file, bodyAt, bodyLength));
    }

    /** The number of samples in the record. */
    public int samples() {
        return in.reset(file, bodyAt, bodyLength).readBounded(LogFormat.MAX_PAYLOAD, "number of samples");
    }

    /** The log record, cut into parts of at most {@code maxPart} bytes. */
    public byte[][] logRecord(int maxPart) {
        samples();
        byte[][] parts = new byte[(in.remaining() + maxPart - 1) / maxPart][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = in.readBytes(Math.min(maxPart, in.remaining()));
        }
        return parts;
    }
}
