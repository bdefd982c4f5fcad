package io.auspex.promql;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A remote-read request: what is wanted, and whether the reader takes chunks.
 *
 * @param chunks whether {@code STREAMED_XOR_CHUNKS} comes before {@code SAMPLES} in what the reader accepts
 */
public record RemoteReadRequest(List<Query> queries, boolean chunks) {
    private static final Matcher.Type[] TYPES = {
        Matcher.Type.EQUAL, Matcher.Type.NOT_EQUAL, Matcher.Type.REGEX, Matcher.Type.NOT_REGEX
    };

    /** Series that match all matchers, in a range that is inclusive on both ends. */
    public record Query(long startMillis, long endMillis, List<Matcher> matchers) {}

    /**
     * Reads a request as it is sent, a snappy block of protobuf.
     *
     * @param limit bytes that it may inflate to
     * @throws AuspexException BAD_DATA for what cannot be read, PAYLOAD_TOO_LARGE beyond the limit
     */
    public static RemoteReadRequest parse(byte[] block, int limit) {
        byte[] body;
        try {
            int size = SnappyDecompressor.getUncompressedLength(block, 0);
            if (size > limit) {
                throw new AuspexException(
                        Code.PAYLOAD_TOO_LARGE, "the body inflates to " + size + " bytes, the limit is " + limit);
            }
            body = new byte[size];
            new SnappyDecompressor().decompress(block, 0, block.length, body, 0, size);
        } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new AuspexException(Code.BAD_DATA, "snappy: corrupt input", e);
        }
        return request(new Fields(body, 0, body.length));
    }

    private static RemoteReadRequest request(Fields in) {
        List<Query> queries = new ArrayList<>();
        boolean samplesFirst = false;
        boolean chunks = false;
        while (in.next()) {
            if (in.field == 1) {
                queries.add(query(in.message()));
            } else if (in.field == 2) {
                // packed or not
                Fields types = in.wire == Fields.LENGTH ? in.message() : null;
                do {
                    long type = types == null ? in.varint() : types.varint();
                    samplesFirst |= type == 0 && !chunks;
                    chunks |= type == 1;
                } while (types != null && types.hasMore());
            } else {
                in.skip();
            }
        }
        return new RemoteReadRequest(List.copyOf(queries), chunks && !samplesFirst);
    }

    private static Query query(Fields in) {
        long start = 0;
        long end = 0;
        List<Matcher> matchers = new ArrayList<>();
        while (in.next()) {
            switch (in.field) {
                case 1 -> start = in.varint();
                case 2 -> end = in.varint();
                case 3 -> matchers.add(matcher(in.message()));
                default -> in.skip();
            }
        }
        return new Query(start, end, List.copyOf(matchers));
    }

    private static Matcher matcher(Fields in) {
        long type = 0;
        String name = "";
        String value = "";
        while (in.next()) {
            switch (in.field) {
                case 1 -> type = in.varint();
                case 2 -> name = in.text();
                case 3 -> value = in.text();
                default -> in.skip();
            }
        }
        if (type < 0 || type >= TYPES.length) {
            throw new AuspexException(Code.BAD_DATA, "invalid matcher type");
        }
        return new Matcher(TYPES[(int) type], name, value);
    }

    /** Steps through the fields of a message. */
    private static final class Fields {
        static final int LENGTH = 2;

        private final byte[] bytes;
        private final int end;
        private int at;
        int field;
        int wire;

        Fields(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            this.end = to;
        }

        boolean hasMore() {
            return at < end;
        }

        boolean next() {
            if (at >= end) {
                return false;
            }
            long tag = varint();
            field = (int) (tag >>> 3);
            wire = (int) tag & 7;
            if (tag >>> 32 != 0 || field == 0) {
                throw malformed();
            }
            return true;
        }

        long varint() {
            long value = 0;
            for (int shift = 0; shift < 70 && at < end; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw malformed();
        }

        private int length() {
            long length = varint();
            if (wire != LENGTH || length < 0 || length > end - at) {
                throw malformed();
            }
            return (int) length;
        }

        Fields message() {
            int length = length();
            at += length;
            return new Fields(bytes, at - length, at);
        }

        String text() {
            int length = length();
            at += length;
            return new String(bytes, at - length, length, StandardCharsets.UTF_8);
        }

        void skip() {
            int length = switch (wire) {
                case 0 -> {
                    varint();
                    yield 0;
                }
                case 1 -> 8;
                case LENGTH -> length();
                case 5 -> 4;
                default -> throw malformed();
            };
            if (length > end - at) {
                throw malformed();
            }
            at += length;
        }

        private static AuspexException malformed() {
            return new AuspexException(Code.BAD_DATA, "unmarshal request: malformed protobuf");
        }
    }
}
