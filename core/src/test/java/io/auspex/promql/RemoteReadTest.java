package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.MemorySampleReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class RemoteReadTest {
    private static final Labels B = Labels.of("__name__", "m", "x", "b");
    private static final Labels A = Labels.of("__name__", "m", "x", "a");

    private static byte[] block(ProtoBytes message) {
        byte[] body = message.toByteArray();
        SnappyCompressor snappy = new SnappyCompressor();
        byte[] block = new byte[snappy.maxCompressedLength(body.length)];
        return Arrays.copyOf(block, snappy.compress(body, 0, body.length, block, 0, block.length));
    }

    private static ProtoBytes request(int... types) {
        ProtoBytes matcher = new ProtoBytes().number(1, 2).text(2, "__name__").text(3, "m|n");
        ProtoBytes hints = new ProtoBytes().number(1, 30_000);
        ProtoBytes query = new ProtoBytes()
                .number(1, -5)
                .number(2, 500_000)
                .message(3, matcher)
                .message(4, hints);
        ProtoBytes request = new ProtoBytes().message(1, query);
        for (int type : types) {
            request.number(2, type);
        }
        return request;
    }

    @Test
    void parse_readsMatchersRangeAndWhatIsAccepted() {
        RemoteReadRequest read = RemoteReadRequest.parse(block(request(1, 0)), 1 << 20);

        assertThat(read.chunks()).isTrue();
        assertThat(read.queries())
                .containsExactly(new RemoteReadRequest.Query(
                        -5, 500_000, List.of(new Matcher(Matcher.Type.REGEX, "__name__", "m|n"))));
        assertThat(RemoteReadRequest.parse(block(request(0, 1)), 1 << 20).chunks())
                .isFalse();
        assertThat(RemoteReadRequest.parse(block(request()), 1 << 20).chunks()).isFalse();
        byte[] packed = {1, 0};
        assertThat(RemoteReadRequest.parse(block(request().message(2, packed)), 1 << 20)
                        .chunks())
                .isTrue();
    }

    @Test
    void parse_refusesWhatIsNoRequest() {
        ProtoBytes wrongType = new ProtoBytes().message(1, new ProtoBytes().message(3, new ProtoBytes().number(1, 9)));
        for (byte[] bad : new byte[][] {
            {},
            "no snappy".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            block(wrongType),
            block(new ProtoBytes().varint(10).varint(100))
        }) {
            assertThatThrownBy(() -> RemoteReadRequest.parse(bad, 1 << 20))
                    .isInstanceOfSatisfying(
                            AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.BAD_DATA));
        }
        assertThatThrownBy(() -> RemoteReadRequest.parse(block(request()), 10))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.PAYLOAD_TOO_LARGE));
    }

    @Test
    void chunks_areFramesOfSortedSeries_thatDecodeToTheSamples() throws IOException {
        MemorySampleReader reader = new MemorySampleReader();
        Random random = new Random(7);
        List<Long> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        long time = 0;
        for (int i = 0; i < 300; i++) {
            time += i % 50 == 0 ? 1_000_000_000L : 15_000 + random.nextInt(i % 7 == 0 ? 40_000 : 20);
            double value = i % 3 == 0 ? i : i % 3 == 1 ? random.nextGaussian() : Double.NaN;
            times.add(time);
            values.add(value);
            reader.append(B, time, value);
        }
        reader.append(A, 3, 1);
        RemoteReadRequest request = new RemoteReadRequest(
                List.of(new RemoteReadRequest.Query(0, time, List.of(Matcher.equal("__name__", "m")))), true);

        RemoteReadResponse response = RemoteReadResponse.of(request, reader, QueryLimits.STANDARD, QueryGuard.NONE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        response.write(out);

        assertThat(response.contentType()).startsWith("application/x-streamed-protobuf");
        List<byte[]> series = new ArrayList<>();
        frames(out.toByteArray()).forEach(message -> {
            assertThat(fields(message, 1)).hasSize(1); // the reference's reader looks at the first only
            series.addAll(fields(message, 1));
        });
        assertThat(series).hasSize(2);
        assertThat(new String(series.get(0), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\001a");
        List<Long> readTimes = new ArrayList<>();
        List<Double> readValues = new ArrayList<>();
        for (byte[] chunk : fields(series.get(1), 2)) {
            new XorReader(fields(chunk, 4).get(0)).read(readTimes, readValues);
        }
        assertThat(readTimes).isEqualTo(times);
        assertThat(readValues).isEqualTo(values);
    }

    @Test
    void samples_areOneBlock_withoutWhatTheLimitForbids() throws IOException {
        MemorySampleReader reader = new MemorySampleReader();
        reader.append(A, 1, 2.5);
        reader.append(A, 2, 3.5);
        RemoteReadRequest request = new RemoteReadRequest(
                List.of(new RemoteReadRequest.Query(0, 1, List.of(Matcher.equal("x", "a")))), false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RemoteReadResponse.of(request, reader, QueryLimits.STANDARD, QueryGuard.NONE)
                .write(out);
        byte[] body = new byte[SnappyDecompressor.getUncompressedLength(out.toByteArray(), 0)];
        new SnappyDecompressor().decompress(out.toByteArray(), 0, out.size(), body, 0, body.length);
        List<byte[]> samples = fields(fields(fields(body, 1).get(0), 1).get(0), 2);
        assertThat(samples)
                .containsExactly(new ProtoBytes().real(1, 2.5).number(2, 1).toByteArray());

        RemoteReadRequest both = new RemoteReadRequest(
                List.of(new RemoteReadRequest.Query(0, 2, List.of(Matcher.equal("x", "a")))), true);
        assertThatThrownBy(() -> RemoteReadResponse.of(both, reader, new QueryLimits(1, 10, 1 << 20), QueryGuard.NONE))
                .hasMessage("exceeded sample limit (1)");
    }

    private static List<byte[]> frames(byte[] stream) {
        List<byte[]> messages = new ArrayList<>();
        int[] at = {0};
        while (at[0] < stream.length) {
            int length = (int) varint(stream, at);
            int checksum = java.nio.ByteBuffer.wrap(stream, at[0], 4).getInt();
            byte[] message = Arrays.copyOfRange(stream, at[0] + 4, at[0] + 4 + length);
            at[0] += 4 + length;
            CRC32C crc = new CRC32C();
            crc.update(message);
            assertThat((int) crc.getValue()).isEqualTo(checksum);
            messages.add(message);
        }
        return messages;
    }

    /** The embedded messages of one field. */
    private static List<byte[]> fields(byte[] message, int field) {
        List<byte[]> found = new ArrayList<>();
        int[] at = {0};
        while (at[0] < message.length) {
            long tag = varint(message, at);
            if ((tag & 7) == 2) {
                int length = (int) varint(message, at);
                if (tag >>> 3 == field) {
                    found.add(Arrays.copyOfRange(message, at[0], at[0] + length));
                }
                at[0] += length;
            } else if ((tag & 7) == 1) {
                at[0] += 8;
            } else {
                varint(message, at);
            }
        }
        return found;
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at[0]++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Reads a chunk bit by bit as the format says. */
    private static final class XorReader {
        private final byte[] bytes;
        private int at;

        XorReader(byte[] bytes) {
            this.bytes = bytes;
        }

        void read(List<Long> times, List<Double> values) {
            int count = (int) bits(16);
            long time = 0;
            long delta = 0;
            long value = 0;
            int leading = 0;
            int trailing = 0;
            for (int i = 0; i < count; i++) {
                if (i == 0) {
                    long raw = varint();
                    time = raw >>> 1 ^ -(raw & 1);
                    value = bits(64);
                } else {
                    delta = i == 1 ? varint() : delta + deltaOfDelta();
                    time += delta;
                    if (bits(1) == 1) {
                        if (bits(1) == 1) {
                            leading = (int) bits(5);
                            int significant = (int) bits(6);
                            trailing = 64 - leading - (significant == 0 ? 64 : significant);
                        }
                        value ^= bits(64 - leading - trailing) << trailing;
                    }
                }
                times.add(time);
                values.add(Double.longBitsToDouble(value));
            }
        }

        private long deltaOfDelta() {
            int[] widths = {14, 17, 20, 64};
            if (bits(1) == 0) {
                return 0;
            }
            int kind = 0;
            while (kind < 3 && bits(1) == 1) {
                kind++;
            }
            int width = widths[kind];
            long value = bits(width);
            return width < 64 && value > 1L << (width - 1) ? value - (1L << width) : value;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                long next = bits(8);
                value |= (next & 0x7f) << shift;
                if (next < 0x80) {
                    return value;
                }
            }
        }

        private long bits(int width) {
            long value = 0;
            for (int i = 0; i < width; i++, at++) {
                value = value << 1 | (bytes[at >> 3] >> (7 - (at & 7)) & 1);
            }
            return value;
        }
    }
}
