package io.auspex.series;

import io.auspex.codec.ByteReader;
import io.auspex.codec.ByteWriter;
import io.auspex.codec.ChunkDecoder;
import io.auspex.codec.ChunkEncoder;
import io.auspex.codec.FormatException;
import io.auspex.series.NativeHistogram.ResetHint;

/** Native histogram samples as bytes, bit by bit, for logs and packs (docs/format/chunk.md). */
public final class HistogramCodec {
    private static final int VERSION = 1;
    private static final int MAX_BUCKETS = 1 << 16;
    private static final ResetHint[] HINTS = ResetHint.values();

    private HistogramCodec() {}

    public static byte[] encode(NativeHistogram histogram) {
        ByteWriter out = new ByteWriter(64);
        ChunkEncoder encoder = new ChunkEncoder();
        out.writeByte(VERSION);
        out.writeByte(histogram.resetHint().ordinal());
        out.writeZigzag(histogram.schema());
        double[] scalars = {
            histogram.count(), histogram.sum(), histogram.zeroThreshold(), histogram.zeroCount(),
        };
        for (int i = 0; i < scalars.length; i++) {
            encoder.values(scalars, i, 1, out);
        }
        out.writeZigzag(histogram.positiveOffset());
        write(encoder, histogram.positive(), out);
        out.writeZigzag(histogram.negativeOffset());
        write(encoder, histogram.negative(), out);
        write(encoder, histogram.customBounds(), out);
        return out.toByteArray();
    }

    private static void write(ChunkEncoder encoder, double[] values, ByteWriter out) {
        if (values.length > MAX_BUCKETS) {
            throw new IllegalArgumentException(
                    "a histogram has at most " + MAX_BUCKETS + " buckets, got " + values.length);
        }
        out.writeVarint(values.length);
        encoder.values(values, 0, values.length, out);
    }

    /** @throws FormatException when the bytes are damaged or of another version */
    public static NativeHistogram decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        FormatException.checkVersion("histogram", in.readByte(), VERSION, VERSION);
        int hint = in.readByte();
        if (hint >= HINTS.length) {
            throw FormatException.corrupt("reset hint " + hint);
        }
        ChunkDecoder decoder = new ChunkDecoder();
        int schema = (int) in.readZigzag();
        double[] scalars = new double[4];
        for (int i = 0; i < scalars.length; i++) {
            decoder.values(in, 1, scalars, i);
        }
        int positiveOffset = (int) in.readZigzag();
        double[] positive = read(decoder, in);
        int negativeOffset = (int) in.readZigzag();
        double[] negative = read(decoder, in);
        double[] bounds = read(decoder, in);
        return new NativeHistogram(
                schema,
                scalars[0],
                scalars[1],
                scalars[2],
                scalars[3],
                positiveOffset,
                positive,
                negativeOffset,
                negative,
                bounds,
                HINTS[hint]);
    }

    private static double[] read(ChunkDecoder decoder, ByteReader in) {
        double[] values = new double[in.readBounded(MAX_BUCKETS, "number of buckets")];
        decoder.values(in, values.length, values, 0);
        return values;
    }
}
