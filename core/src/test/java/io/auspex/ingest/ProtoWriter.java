package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes protobuf by hand, so that the decoders are held against the wire format and not against themselves. */
final class ProtoWriter {
    private final ByteWriter out = new ByteWriter();

    static byte[] message(Consumer<ProtoWriter> body) {
        ProtoWriter writer = new ProtoWriter();
        body.accept(writer);
        return writer.out.toByteArray();
    }

    ProtoWriter varint(int field, long value) {
        out.writeVarint((long) field << 3);
        out.writeVarint(value);
        return this;
    }

    ProtoWriter zigzag(int field, long value) {
        out.writeVarint((long) field << 3);
        out.writeZigzag(value);
        return this;
    }

    ProtoWriter number(int field, double value) {
        return fixed(field, Double.doubleToRawLongBits(value));
    }

    ProtoWriter fixed(int field, long value) {
        out.writeVarint((long) field << 3 | 1);
        out.writeLong(value);
        return this;
    }

    ProtoWriter bytes(int field, byte[] value) {
        out.writeVarint((long) field << 3 | 2);
        out.writeVarint(value.length);
        out.writeBytes(value, 0, value.length);
        return this;
    }

    ProtoWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoWriter nested(int field, Consumer<ProtoWriter> body) {
        return bytes(field, message(body));
    }

    ProtoWriter packedZigzags(int field, long... values) {
        ByteWriter packed = new ByteWriter();
        for (long value : values) {
            packed.writeZigzag(value);
        }
        return bytes(field, packed.toByteArray());
    }

    ProtoWriter packedVarints(int field, long... values) {
        ByteWriter packed = new ByteWriter();
        for (long value : values) {
            packed.writeVarint(value);
        }
        return bytes(field, packed.toByteArray());
    }

    ProtoWriter packedDoubles(int field, double... values) {
        ByteWriter packed = new ByteWriter();
        for (double value : values) {
            packed.writeLong(Double.doubleToRawLongBits(value));
        }
        return bytes(field, packed.toByteArray());
    }
}
