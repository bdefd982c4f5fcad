package io.auspex.ingest;

import io.airlift.compress.snappy.SnappyCompressor;
import java.util.Arrays;
import java.util.function.Consumer;

/** Remote-write bodies, as senders make them. */
final class WriteRequests {
    private WriteRequests() {}

    static Consumer<ProtoWriter> series(String[] labels, Consumer<ProtoWriter> rows) {
        return series -> {
            for (int i = 0; i < labels.length; i += 2) {
                String name = labels[i];
                String value = labels[i + 1];
                series.nested(1, label -> label.text(1, name).text(2, value));
            }
            rows.accept(series);
        };
    }

    static Consumer<ProtoWriter> sample(double value, long timestamp) {
        return series -> series.nested(2, sample -> sample.number(1, value).varint(2, timestamp));
    }

    @SafeVarargs
    static byte[] request(Consumer<ProtoWriter>... series) {
        return ProtoWriter.message(request -> Arrays.stream(series).forEach(each -> request.nested(1, each)));
    }

    static byte[] snappy(byte[] raw) {
        SnappyCompressor compressor = new SnappyCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(raw.length)];
        return Arrays.copyOf(block, compressor.compress(raw, 0, raw.length, block, 0, block.length));
    }
}
