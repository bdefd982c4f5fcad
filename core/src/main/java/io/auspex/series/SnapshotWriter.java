package io.auspex.series;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Writes a snapshot of a tenant ({@code docs/format/snapshot.md}): blocks that each have their checksum, the last of
 * which says how many there are. The launcher's {@code Restore} reads it. Not thread-safe.
 */
public final class SnapshotWriter implements Closeable {
    static final byte[] MAGIC = {(byte) 0xaa, 0x53, 1, 0};
    private static final byte END = 0;
    private static final byte MANIFEST = 1;
    private static final byte ROWS = 2;
    private static final byte DATA = 3;

    /** Rows wait until they are this many bytes. */
    private static final int BLOCK = 1 << 20;

    private final OutputStream out;
    private final CRC32C crc = new CRC32C();
    private final StringBuilder rows = new StringBuilder();
    private String table = "";
    private int blocks;

    /** @param manifest JSON about the snapshot as a whole */
    public SnapshotWriter(OutputStream out, String manifest) throws IOException {
        this.out = out;
        out.write(MAGIC);
        block(MANIFEST, manifest.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a row of a table as a JSON object on one line. */
    public void row(String ofTable, String json) throws IOException {
        if (!ofTable.equals(table) || rows.length() > BLOCK) {
            writeRows();
            table = ofTable;
        }
        rows.append(json).append('\n');
    }

    /** Adds a row of a table with its column {@code data}, which stands beside the others as it is. */
    public void row(String ofTable, String json, byte[] data) throws IOException {
        writeRows();
        byte[] head = (ofTable + "\n" + json + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] payload = Arrays.copyOf(head, head.length + data.length);
        System.arraycopy(data, 0, payload, head.length, data.length);
        block(DATA, payload);
    }

    private void writeRows() throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        byte[] text = (table + "\n" + rows).getBytes(StandardCharsets.UTF_8);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(text);
            deflater.finish();
            byte[] into = new byte[text.length + 64];
            int size = deflater.deflate(into);
            ByteBuffer payload = ByteBuffer.allocate(4 + size).order(ByteOrder.LITTLE_ENDIAN);
            payload.putInt(text.length).put(into, 0, size);
            block(ROWS, payload.array());
        } finally {
            deflater.end();
        }
        rows.setLength(0);
    }

    private void block(byte kind, byte[] payload) throws IOException {
        crc.reset();
        crc.update(kind);
        crc.update(payload);
        ByteBuffer head = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        out.write(head.put(kind)
                .putInt(payload.length)
                .putInt((int) crc.getValue())
                .array());
        out.write(payload);
        blocks++;
    }

    /** Ends the snapshot: without its end it is not one. */
    @Override
    public void close() throws IOException {
        writeRows();
        block(
                END,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(blocks)
                        .array());
        out.flush();
    }
}
