package io.auspex.system;

import io.auspex.codec.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A protobuf message written field by field, as the protocols' documents number them. */
final class ProtoMessage {
    private final ByteWriter out = new ByteWriter();

    static byte[] of(Consumer<ProtoMessage> body) {
        ProtoMessage message = new ProtoMessage();
        body.accept(message);
        return message.out.toByteArray();
    }

    ProtoMessage varint(int field, long value) {
        out.writeVarint((long) field << 3);
        out.writeVarint(value);
        return this;
    }

    ProtoMessage zigzag(int field, long value) {
        out.writeVarint((long) field << 3);
        out.writeZigzag(value);
        return this;
    }

    ProtoMessage number(int field, double value) {
        out.writeVarint((long) field << 3 | 1);
        out.writeLong(Double.doubleToRawLongBits(value));
        return this;
    }

    ProtoMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoMessage nested(int field, Consumer<ProtoMessage> body) {
        return bytes(field, of(body));
    }

    ProtoMessage packed(int field, long... varints) {
        ByteWriter packed = new ByteWriter();
        for (long value : varints) {
            packed.writeVarint(value);
        }
        return bytes(field, packed.toByteArray());
    }

    ProtoMessage packedZigzag(int field, long... varints) {
        ByteWriter packed = new ByteWriter();
        for (long value : varints) {
            packed.writeZigzag(value);
        }
        return bytes(field, packed.toByteArray());
    }

    private ProtoMessage bytes(int field, byte[] value) {
        out.writeVarint((long) field << 3 | 2);
        out.writeVarint(value.length);
        out.writeBytes(value, 0, value.length);
        return this;
    }
}
