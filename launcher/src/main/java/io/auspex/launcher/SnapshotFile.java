package io.auspex.launcher;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads a snapshot ({@code docs/format/snapshot.md}); what is damaged is told with its place in the file. */
final class SnapshotFile implements Closeable {
    private static final byte[] MAGIC = {(byte) 0xaa, 0x53};
    private static final int VERSION = 1;
    private static final int MOST_BLOCK = 1 << 29;

    private final Path file;
    private final InputStream in;
    private final String manifest;
    private long position;
    private int blocks;

    /** Rows of a table as JSON objects; with data, exactly one. */
    record Rows(String table, List<String> json, Optional<byte[]> data) {}

    private record Block(int kind, byte[] payload, long at) {}

    SnapshotFile(Path file) throws IOException {
        this.file = file;
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        byte[] head = take(4);
        if (head[0] != MAGIC[0] || head[1] != MAGIC[1]) {
            throw damaged(0, "this is no snapshot");
        }
        if (head[2] != VERSION) {
            throw damaged(2, "its format is of version " + head[2] + ", this version reads " + VERSION);
        }
        Block first = block();
        if (first.kind() != 1) {
            throw damaged(first.at(), "it does not begin with its manifest");
        }
        manifest = new String(first.payload(), StandardCharsets.UTF_8);
    }

    /** JSON about the snapshot as a whole. */
    String manifest() {
        return manifest;
    }

    /** The next rows; nothing at the end, which is there or refused. */
    Optional<Rows> next() throws IOException {
        Block block = block();
        switch (block.kind()) {
            case 0 -> {
                int told = ByteBuffer.wrap(block.payload())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt();
                if (told != blocks - 1) {
                    throw damaged(block.at(), "it has " + (blocks - 1) + " blocks and should have " + told);
                }
                if (in.read() >= 0) {
                    throw damaged(position, "something follows its end");
                }
                return Optional.empty();
            }
            case 2 -> {
                String[] lines = inflated(block).split("\n", -1);
                return Optional.of(new Rows(lines[0], List.of(lines).subList(1, lines.length - 1), Optional.empty()));
            }
            case 3 -> {
                byte[] payload = block.payload();
                int first = lineEnd(payload, 0, block);
                int second = lineEnd(payload, first + 1, block);
                return Optional.of(new Rows(
                        new String(payload, 0, first, StandardCharsets.UTF_8),
                        List.of(new String(payload, first + 1, second - first - 1, StandardCharsets.UTF_8)),
                        Optional.of(Arrays.copyOfRange(payload, second + 1, payload.length))));
            }
            default -> throw damaged(block.at(), "a block of kind " + block.kind() + " is not known");
        }
    }

    private int lineEnd(byte[] payload, int from, Block block) {
        for (int i = from; i < payload.length; i++) {
            if (payload[i] == '\n') {
                return i;
            }
        }
        throw damaged(block.at(), "a row is not complete");
    }

    private String inflated(Block block) {
        ByteBuffer payload = ByteBuffer.wrap(block.payload()).order(ByteOrder.LITTLE_ENDIAN);
        int size = payload.remaining() < 4 ? -1 : payload.getInt();
        if (size < 0 || size > MOST_BLOCK) {
            throw damaged(block.at(), "rows of " + size + " bytes");
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(payload);
            byte[] text = new byte[size];
            if (inflater.inflate(text) != size) {
                throw damaged(block.at(), "its rows are not complete");
            }
            return new String(text, StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
            throw damaged(block.at(), "its rows cannot be inflated");
        } finally {
            inflater.end();
        }
    }

    private Block block() throws IOException {
        long at = position;
        ByteBuffer head = ByteBuffer.wrap(take(9)).order(ByteOrder.LITTLE_ENDIAN);
        byte kind = head.get();
        int length = head.getInt();
        int expected = head.getInt();
        if (length < 0 || length > MOST_BLOCK) {
            throw damaged(at, "a block of " + length + " bytes");
        }
        byte[] payload = take(length);
        CRC32C crc = new CRC32C();
        crc.update(kind);
        crc.update(payload);
        if ((int) crc.getValue() != expected) {
            throw damaged(at, "a block does not match its checksum");
        }
        blocks++;
        return new Block(kind, payload, at);
    }

    private byte[] take(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw damaged(position + bytes.length, "it ends too soon");
        }
        position += length;
        return bytes;
    }

    private Refusal damaged(long at, String why) {
        return new Refusal(
                Refusal.Kind.DATA, "the snapshot " + file + " is damaged or not complete at byte " + at + ": " + why);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
