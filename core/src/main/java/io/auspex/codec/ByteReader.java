package io.auspex.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote, within a stated range of an array.
 *
 * <p>Each read is checked against the end of the range and fails with {@link FormatException}; a length read from
 * the bytes is to be fetched by {@link #readLength}, so that nothing is allocated for more than there is.
 */
public final class ByteReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = {};
    private int position;
    private int end;

    public ByteReader() {}

    public ByteReader(byte[] bytes) {
        reset(bytes, 0, bytes.length);
    }

    /** Reads on from another range. */
    public ByteReader reset(byte[] source, int offset, int length) {
        if (offset < 0 || length < 0 || offset > source.length - length) {
            throw FormatException.corrupt(
                    "range [" + offset + ", " + offset + " + " + length + ") exceeds " + source.length + " bytes");
        }
        bytes = source;
        position = offset;
        end = offset + length;
        return this;
    }

    public byte[] array() {
        return bytes;
    }

    public int position() {
        return position;
    }

    public int end() {
        return end;
    }

    public int remaining() {
        return end - position;
    }

    public void skip(int count) {
        require(count);
        position += count;
    }

    public int readByte() {
        require(1);
        return bytes[position++] & 0xff;
    }

    public int readInt() {
        require(4);
        int value = (int) INT.get(bytes, position);
        position += 4;
        return value;
    }

    public long readLong() {
        require(8);
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    public long readVarint() {
        long value = 0;
        int shift = 0;
        while (position < end) {
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
            shift += 7;
            if (shift > 63) {
                throw FormatException.corrupt("varint of more than 10 bytes at " + position);
            }
        }
        throw FormatException.corrupt("varint cut off at " + position);
    }

    public long readZigzag() {
        long raw = readVarint();
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** A varint that must lie in {@code [0, limit]}. */
    public int readBounded(int limit, String what) {
        long value = readVarint();
        if (value < 0 || value > limit) {
            throw FormatException.corrupt(
                    what + " must be within [0, " + limit + "], got " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /** A length in bytes, not more than what remains. */
    public int readLength() {
        return readBounded(remaining(), "length");
    }

    public byte[] readBytes(int length) {
        require(length);
        byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return copy;
    }

    private void require(int count) {
        if (count < 0 || count > end - position) {
            throw FormatException.corrupt("needs " + count + " bytes at " + position + ", has " + (end - position));
        }
    }
}
