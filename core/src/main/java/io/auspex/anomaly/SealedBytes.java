package io.auspex.anomaly;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * State as bytes that notices its own damage: {@code 'A' 'X'}, kind, version, payload, CRC-32C of all before.
 *
 * <p>Layouts: {@code docs/format/detector-state.md}.
 */
final class SealedBytes {
    private static final int HEAD = 4;
    private static final int TAIL = 4;

    private SealedBytes() {}

    /** Writes a payload. */
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads a payload. */
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static byte[] seal(char kind, int version, Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(new byte[] {'A', 'X', (byte) kind, (byte) version});
            writer.write(out);
            out.flush();
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The kind of sealed bytes; refuses bytes that are damaged or foreign. */
    static char kind(byte[] sealed) {
        if (sealed.length < HEAD + TAIL || sealed[0] != 'A' || sealed[1] != 'X') {
            throw new IllegalArgumentException("not a detector state: " + sealed.length + " bytes without its mark");
        }
        int body = sealed.length - TAIL;
        if (ByteBuffer.wrap(sealed).getInt(body) != checksum(sealed, body)) {
            throw new IllegalArgumentException("detector state is damaged: checksum differs");
        }
        return (char) sealed[2];
    }

    static <T> T open(byte[] sealed, char kind, int version, Reader<T> reader) {
        char found = kind(sealed);
        if (found != kind || sealed[3] != version) {
            throw new IllegalArgumentException("detector state is of kind " + found + " version " + sealed[3]
                    + ", expected " + kind + " version " + version);
        }
        byte[] payload = Arrays.copyOfRange(sealed, HEAD, sealed.length - TAIL);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
            return reader.read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("detector state ends early", e);
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
