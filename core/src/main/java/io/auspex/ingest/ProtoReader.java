package io.auspex.ingest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Steps through the protobuf wire format in place, within nested limits. Whatever does not fit is refused as
 * {@link Code#BAD_DATA}. Not thread-safe.
 */
final class ProtoReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    byte[] bytes = {};
    int position;
    int limit;

    void reset(byte[] source, int from, int to) {
        bytes = source;
        position = from;
        limit = to;
    }

    boolean hasMore() {
        return position < limit;
    }

    int tag() {
        long tag = varint();
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw malformed("field tag " + Long.toUnsignedString(tag));
        }
        return (int) tag;
    }

    long varint() {
        if (position < limit) {
            byte first = bytes[position];
            if (first >= 0) {
                position++;
                return first;
            }
        }
        return longVarint();
    }

    private long longVarint() {
        long value = 0;
        for (int shift = 0; shift < 70 && position < limit; shift += 7) {
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("varint");
    }

    long zigzag() {
        long raw = varint();
        return (raw >>> 1) ^ -(raw & 1);
    }

    double fixedDouble() {
        return Double.longBitsToDouble(fixed64());
    }

    long fixed64() {
        if (limit - position < Long.BYTES) {
            throw malformed("8-byte field");
        }
        long value = (long) LONG.get(bytes, position);
        position += Long.BYTES;
        return value;
    }

    /** The length of an embedded message, string or packed field, all of which is there. */
    int length() {
        long length = varint();
        if (length < 0 || length > limit - position) {
            throw malformed("length " + Long.toUnsignedString(length));
        }
        return (int) length;
    }

    /** Narrows the limit to an embedded message and returns the limit to go back to with {@link #leave}. */
    int enter() {
        int length = length();
        int outer = limit;
        limit = position + length;
        return outer;
    }

    void leave(int outer) {
        position = limit;
        limit = outer;
    }

    void skip(int tag) {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case LENGTH -> skipLength();
            case FIXED32 -> advance(4);
            default -> throw malformed("wire type " + (tag & 7));
        }
    }

    /** Steps over a length and as many bytes. */
    void skipLength() {
        int length = length();
        position += length;
    }

    private void advance(int count) {
        if (limit - position < count) {
            throw malformed("fixed field");
        }
        position += count;
    }

    AuspexException malformed(String what) {
        return new AuspexException(Code.BAD_DATA, "malformed protobuf: " + what + " at byte " + position);
    }
}
