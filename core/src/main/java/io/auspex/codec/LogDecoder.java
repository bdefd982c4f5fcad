package io.auspex.codec;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.util.Arrays;

/**
 * Reads log records back into columns.
 *
 * <p>Kept and reused; the columns are valid until the next record. Not thread-safe.
 */
public final class LogDecoder {
    private final Lz4Decompressor lz4 = new Lz4Decompressor();
    private final ByteReader in = new ByteReader();
    private byte[] record = {};
    private byte[] raw = {};
    private int recordLength;
    private long[] seriesIds = {};
    private long[] timestamps = {};
    private double[] values = {};
    private byte[] codes = {};
    private int count;
    private long[] blobSeries = {};
    private long[] blobTimes = {};
    private byte[][] blobs = {};

    /**
     * Reads a record.
     *
     * @param parts all parts of the record, in order
     * @throws FormatException when a part is missing or damaged, or the version is not readable
     */
    public void open(byte[]... parts) {
        count = 0;
        blobs = new byte[0][];
        join(parts);
        int payload = inflate();
        in.reset(raw, 0, payload);
        // A run costs two bytes however long it is; its length was checked by the sender's limits and the checksum.
        int samples = in.readBounded(LogFormat.MAX_PAYLOAD, "number of samples");
        int blobCount = in.readBounded(in.remaining(), "number of blobs");
        reserve(samples);
        DeltaRuns.read(in, samples, seriesIds);
        DeltaRuns.read(in, samples, timestamps);
        readValues(samples);
        readBlobs(blobCount);
        if (in.remaining() > 0) {
            throw FormatException.corrupt(in.remaining() + " bytes behind the end of the record");
        }
        count = samples;
    }

    private void join(byte[][] parts) {
        recordLength = 0;
        for (byte[] part : parts) {
            recordLength = Math.addExact(recordLength, part.length);
        }
        if (record.length < recordLength) {
            record = new byte[recordLength];
        }
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, record, at, part.length);
            at += part.length;
        }
    }

    private int inflate() {
        in.reset(record, 0, recordLength);
        if (recordLength < LogFormat.HEADER || in.readByte() != LogFormat.MAGIC || in.readByte() != LogFormat.KIND) {
            throw FormatException.corrupt("not a log record");
        }
        FormatException.checkVersion("log record", in.readByte(), LogFormat.VERSION, LogFormat.VERSION);
        int flags = in.readByte();
        int checksum = in.readInt();
        int stored = in.readInt();
        int payload = in.readInt();
        if (stored != in.remaining()) {
            throw FormatException.corrupt(
                    "log record of " + in.remaining() + " bytes instead of " + stored + "; a part may be missing");
        }
        if (PackFormat.checksum(record, 8, recordLength - 8) != checksum) {
            throw FormatException.corrupt("log record does not match its checksum");
        }
        if (payload < 0 || payload > LogFormat.MAX_PAYLOAD) {
            throw FormatException.corrupt("payload of " + payload + " bytes");
        }
        if (raw.length < payload + 8) {
            raw = new byte[payload + 8];
        }
        if ((flags & LogFormat.LZ4) == 0) {
            if (stored != payload) {
                throw FormatException.corrupt("payload of " + stored + " bytes instead of " + payload);
            }
            System.arraycopy(record, LogFormat.HEADER, raw, 0, payload);
            return payload;
        }
        try {
            int length = lz4.decompress(record, LogFormat.HEADER, stored, raw, 0, payload);
            if (length != payload) {
                throw FormatException.corrupt("payload inflates to " + length + " instead of " + payload);
            }
        } catch (MalformedInputException e) {
            throw FormatException.corrupt("payload does not inflate: " + e.getMessage());
        }
        return payload;
    }

    private void reserve(int samples) {
        if (seriesIds.length < samples) {
            seriesIds = new long[samples];
            timestamps = new long[samples];
            values = new double[samples];
            codes = new byte[samples];
        }
    }

    private void readValues(int samples) {
        for (int i = 0; i < samples; ) {
            long token = in.readVarint();
            long length = token >>> 3;
            if (length == 0 || length > samples - i) {
                throw FormatException.corrupt("run of " + length + " value codes at " + i + " of " + samples);
            }
            Arrays.fill(codes, i, i + (int) length, (byte) (token & 7));
            i += (int) length;
        }
        for (int i = 0; i < samples; i++) {
            int code = codes[i];
            values[i] = code == LogFormat.RAW
                    ? Double.longBitsToDouble(in.readLong())
                    : in.readZigzag() / Decimals.power(LogFormat.SCALES[code]);
        }
    }

    private void readBlobs(int blobCount) {
        blobSeries = new long[blobCount];
        blobTimes = new long[blobCount];
        blobs = new byte[blobCount][];
        for (int i = 0; i < blobCount; i++) {
            blobSeries[i] = in.readVarint();
            blobTimes[i] = in.readZigzag();
            blobs[i] = in.readBytes(in.readLength());
        }
    }

    /** Float samples in the record. */
    public int count() {
        return count;
    }

    /** Series of the float samples, in place. */
    public long[] seriesIds() {
        return seriesIds;
    }

    public long[] timestamps() {
        return timestamps;
    }

    public double[] values() {
        return values;
    }

    /** Blob samples in the record. */
    public int blobCount() {
        return blobs.length;
    }

    public long blobSeriesId(int index) {
        return blobSeries[index];
    }

    public long blobTimestamp(int index) {
        return blobTimes[index];
    }

    public byte[] blob(int index) {
        return blobs[index];
    }
}
