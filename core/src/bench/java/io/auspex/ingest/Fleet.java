package io.auspex.ingest;

import io.airlift.compress.snappy.SnappyCompressor;
import io.auspex.codec.ByteWriter;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A made-up fleet: hosts that all expose the same metrics, nine labels a series, as remote-write bodies. */
final class Fleet {
    static final int PER_HOST = 500;

    private Fleet() {}

    static Labels labels(int series) {
        int host = series / PER_HOST;
        int metric = series % PER_HOST;
        return Labels.of(
                "__name__", "node_subsystem_metric_" + metric / 4 + "_seconds_total",
                "cluster", "eu-central-1-production",
                "device", "disk" + metric % 4,
                "environment", "production",
                "instance", "host-" + host + ".example.internal:9100",
                "job", "node-exporter",
                "mode", "mode" + metric % 4,
                "region", "eu-central-1",
                "team", "platform-infrastructure");
    }

    /** Bodies of so many samples that hold one scrape of all series, in order. */
    static byte[][] scrape(int series, int perBody, long timestamp, int step) {
        byte[][] bodies = new byte[(series + perBody - 1) / perBody][];
        for (int body = 0; body < bodies.length; body++) {
            ByteWriter request = new ByteWriter(perBody * 256);
            for (int i = body * perBody; i < Math.min(series, (body + 1) * perBody); i++) {
                writeSeries(labels(i), value(i, step), timestamp + i / PER_HOST, request);
            }
            bodies[body] = snappy(request);
        }
        return bodies;
    }

    static double value(int series, int step) {
        if (series % 5 < 3) {
            return series % 1000;
        }
        SplittableRandom random = new SplittableRandom(series);
        return series % 5 == 3 ? step * (double) random.nextInt(1, 500) : Math.rint(random.nextDouble() * 1e4) / 100;
    }

    private static void writeSeries(Labels labels, double value, long timestamp, ByteWriter request) {
        ByteWriter series = new ByteWriter(300);
        SeriesIdentity.writeCanonical(labels, series);
        ByteWriter sample = new ByteWriter();
        sample.writeByte(0x09);
        sample.writeLong(Double.doubleToRawLongBits(value));
        sample.writeByte(0x10);
        sample.writeVarint(timestamp);
        series.writeByte(0x12);
        series.writeVarint(sample.size());
        series.writeBytes(sample.array(), 0, sample.size());
        request.writeByte(0x0a);
        request.writeVarint(series.size());
        request.writeBytes(series.array(), 0, series.size());
    }

    private static byte[] snappy(ByteWriter raw) {
        SnappyCompressor compressor = new SnappyCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(raw.size())];
        return Arrays.copyOf(block, compressor.compress(raw.array(), 0, raw.size(), block, 0, block.length));
    }
}
