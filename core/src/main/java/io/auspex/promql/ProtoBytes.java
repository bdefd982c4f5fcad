package io.auspex.promql;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Protobuf messages as they are written, in a buffer that grows and is used again. Not thread-safe. */
final class ProtoBytes {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;

    private byte[] bytes = new byte[1024];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    ProtoBytes number(int field, long value) {
        varint((long) field << 3 | VARINT);
        return varint(value);
    }

    ProtoBytes signed(int field, long value) {
        return number(field, value << 1 ^ value >> 63);
    }

    ProtoBytes real(int field, double value) {
        varint((long) field << 3 | FIXED64);
        return fixed64(Double.doubleToRawLongBits(value));
    }

    ProtoBytes text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return message(field, utf8, utf8.length);
    }

    ProtoBytes message(int field, byte[] content) {
        return message(field, content, content.length);
    }

    ProtoBytes message(int field, ProtoBytes content) {
        return message(field, content.bytes, content.size);
    }

    /** Packed doubles; nothing for none. */
    ProtoBytes reals(int field, double[] values) {
        if (values.length == 0) {
            return this;
        }
        varint((long) field << 3 | LENGTH);
        varint(8L * values.length);
        for (double value : values) {
            fixed64(Double.doubleToRawLongBits(value));
        }
        return this;
    }

    private ProtoBytes message(int field, byte[] content, int length) {
        varint((long) field << 3 | LENGTH);
        varint(length);
        return raw(content, length);
    }

    ProtoBytes raw(byte[] content, int length) {
        ensure(length);
        System.arraycopy(content, 0, bytes, size, length);
        size += length;
        return this;
    }

    ProtoBytes varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    private ProtoBytes fixed64(long bits) {
        ensure(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[size++] = (byte) (bits >>> shift);
        }
        return this;
    }

    /** Four bytes, the highest first. */
    ProtoBytes bigEndian(int value) {
        ensure(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
