package io.auspex.ingest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Inflates a snappy block (google/snappy, format_description.txt) into a buffer that is kept.
 *
 * <p>The length that the block announces is held against the limit before anything is allocated, copies reach only
 * into what this block wrote, so nothing of an earlier request can be read. Not thread-safe.
 */
final class SnappyBlock {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Lets literals and copies be moved eight bytes at a time beyond their end. */
    private static final int SLACK = 16;

    /** No element of a block stands for more than 64 bytes in two, and the longest copy takes three. */
    private static final int MOST_RATIO = 32;

    private byte[] bytes = new byte[64 << 10];

    /** The inflated bytes; valid until the next block, and longer than what {@link #inflate} returned. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Inflates a block and returns its length.
     *
     * @throws AuspexException {@code PAYLOAD_TOO_LARGE} when it is longer than the limit, {@code BAD_DATA} when it is
     *     not a snappy block
     */
    int inflate(byte[] block, int offset, int length, int limit) {
        int end = offset + length;
        int at = offset;
        long announced = 0;
        for (int shift = 0; ; shift += 7) {
            if (at == end || shift > 28) {
                throw malformed("length");
            }
            byte next = block[at++];
            announced |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        if (announced > limit) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE, "the body inflates to " + announced + " bytes, the limit is " + limit);
        }
        if (announced > (long) length * MOST_RATIO) {
            throw malformed("length " + announced + " of a block of " + length + " bytes");
        }
        int size = (int) announced;
        if (bytes.length < size + SLACK || (!DecodedBatch.isKept(bytes) && size < bytes.length / 2)) {
            bytes = new byte[size + SLACK];
        }
        readElements(block, at, end, size);
        return size;
    }

    private void readElements(byte[] block, int from, int end, int size) {
        byte[] out = bytes;
        int at = from;
        int to = 0;
        while (at < end) {
            int tag = block[at++] & 0xff;
            int kind = tag & 3;
            if (kind == 0) {
                int length = (tag >>> 2) + 1;
                if (length > 60) {
                    int count = length - 60;
                    if (end - at < count) {
                        throw malformed("literal");
                    }
                    length = little(block, at, count) + 1;
                    at += count;
                }
                if (length <= 0 || length > end - at || length > size - to) {
                    throw malformed("literal");
                }
                if (length <= 16 && block.length - at >= 16) {
                    move16(block, at, out, to);
                } else {
                    System.arraycopy(block, at, out, to, length);
                }
                at += length;
                to += length;
                continue;
            }
            int extra = kind == 3 ? 4 : kind;
            if (end - at < extra) {
                throw malformed("copy");
            }
            int length = kind == 1 ? (tag >>> 2 & 7) + 4 : (tag >>> 2) + 1;
            int distance = switch (kind) {
                case 1 -> (tag & 0xe0) << 3 | (block[at] & 0xff);
                case 2 -> (block[at] & 0xff) | (block[at + 1] & 0xff) << 8;
                default -> little(block, at, extra);
            };
            at += extra;
            if (distance <= 0 || distance > to || length > size - to) {
                throw malformed("copy");
            }
            copy(out, to - distance, to, length, distance);
            to += length;
        }
        if (to != size) {
            throw malformed("block of " + to + " instead of " + size + " bytes");
        }
    }

    private static void copy(byte[] out, int from, int to, int length, int distance) {
        if (distance >= 16 && out.length - to >= length + 16) {
            for (int i = 0; i < length; i += 16) {
                move16(out, from + i, out, to + i);
            }
        } else if (distance >= 8 && out.length - to >= length + 8) {
            for (int i = 0; i < length; i += 8) {
                LONG.set(out, to + i, (long) LONG.get(out, from + i));
            }
        } else {
            for (int i = 0; i < length; i++) {
                out[to + i] = out[from + i];
            }
        }
    }

    private static void move16(byte[] from, int at, byte[] into, int to) {
        long first = (long) LONG.get(from, at);
        long second = (long) LONG.get(from, at + 8);
        LONG.set(into, to, first);
        LONG.set(into, to + 8, second);
    }

    private static int little(byte[] block, int at, int count) {
        int value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (block[at + i] & 0xff);
        }
        return value;
    }

    private static AuspexException malformed(String what) {
        return new AuspexException(Code.BAD_DATA, "malformed snappy block: " + what);
    }
}
