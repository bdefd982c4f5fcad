package io.auspex.promql;

import io.airlift.compress.snappy.SnappyCompressor;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.SampleReader;
import io.auspex.series.SeriesCursor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The answer to a remote-read request: for each query its series, encoded and sorted by labels, as the reader of
 * chunks expects them.
 *
 * @param chunks whether the series are {@code ChunkedSeries}, to be sent in frames; otherwise {@code TimeSeries}
 */
public record RemoteReadResponse(boolean chunks, List<List<byte[]>> results) {
    private static final String SAMPLES_TYPE = "application/x-protobuf";
    private static final String CHUNKS_TYPE = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";

    /**
     * Reads what is asked for, as chunks when the reader takes them.
     *
     * @throws AuspexException BAD_DATA beyond the limit of samples; QueryException for the other limits and the guard
     */
    public static RemoteReadResponse of(
            RemoteReadRequest request, SampleReader reader, QueryLimits limits, QueryGuard guard) {
        Reading reading = new Reading(reader, limits, guard, request.chunks());
        reading.readAll(request.queries());
        return new RemoteReadResponse(request.chunks(), reading.results);
    }

    /** One pass over all queries. */
    private static final class Reading {
        final List<List<byte[]>> results = new ArrayList<>();
        private final RemoteReadSeries encoder = new RemoteReadSeries();
        private final SampleReader reader;
        private final QueryLimits limits;
        private final QueryGuard guard;
        private final boolean chunks;
        private long samples;
        private long bytes;
        private int series;

        Reading(SampleReader reader, QueryLimits limits, QueryGuard guard, boolean chunks) {
            this.reader = reader;
            this.limits = limits;
            this.guard = guard;
            this.chunks = chunks;
        }

        void readAll(List<RemoteReadRequest.Query> queries) {
            for (RemoteReadRequest.Query query : queries) {
                Map<Labels, byte[]> found = new TreeMap<>();
                read(query, found);
                results.add(List.copyOf(found.values()));
            }
        }

        private void read(RemoteReadRequest.Query query, Map<Labels, byte[]> found) {
            try (SeriesCursor cursor = reader.select(query.matchers(), query.startMillis(), query.endMillis())) {
                while (cursor.next()) {
                    count(cursor.samples().size());
                    byte[] encoded = chunks
                            ? encoder.chunks(cursor.labels(), cursor.samples())
                            : encoder.samples(cursor.labels(), cursor.samples());
                    bytes += encoded.length;
                    found.put(cursor.labels(), encoded);
                }
            }
        }

        private void count(int more) {
            guard.require();
            samples += more;
            if (samples > limits.maxSamples()) {
                throw new AuspexException(Code.BAD_DATA, "exceeded sample limit (" + limits.maxSamples() + ")");
            }
            if (++series > limits.maxSeries()) {
                throw QueryException.tooManySeries(limits.maxSeries());
            }
            if (bytes > limits.maxBytes()) {
                throw QueryException.tooMuchMemory(limits.maxBytes());
            }
        }
    }

    public String contentType() {
        return chunks ? CHUNKS_TYPE : SAMPLES_TYPE;
    }

    /** Writes frames, each of a whole series with its length and checksum before it, or one snappy block. */
    public void write(OutputStream out) throws IOException {
        if (chunks) {
            writeChunks(out);
        } else {
            writeSamples(out);
        }
    }

    private void writeSamples(OutputStream out) throws IOException {
        ProtoBytes response = new ProtoBytes();
        ProtoBytes result = new ProtoBytes();
        for (List<byte[]> some : results) {
            result.clear();
            some.forEach(one -> result.message(1, one));
            response.message(1, result);
        }
        byte[] body = response.toByteArray();
        SnappyCompressor snappy = new SnappyCompressor();
        byte[] block = new byte[snappy.maxCompressedLength(body.length)];
        out.write(Arrays.copyOf(block, snappy.compress(body, 0, body.length, block, 0, block.length)));
    }

    /** One series for each frame: the reference's reader looks at the first only. */
    private void writeChunks(OutputStream out) throws IOException {
        ProtoBytes message = new ProtoBytes();
        for (int query = 0; query < results.size(); query++) {
            for (byte[] one : results.get(query)) {
                message.message(1, one);
                writeFrame(message, query, out);
            }
        }
    }

    private static void writeFrame(ProtoBytes message, int query, OutputStream out) throws IOException {
        message.number(2, query);
        byte[] body = message.toByteArray();
        CRC32C checksum = new CRC32C();
        checksum.update(body);
        out.write(new ProtoBytes()
                .varint(body.length)
                .bigEndian((int) checksum.getValue())
                .toByteArray());
        out.write(body);
        message.clear();
    }
}
