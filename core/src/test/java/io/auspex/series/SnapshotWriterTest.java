package io.auspex.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The bytes of docs/format/snapshot.md. */
final class SnapshotWriterTest {
    @Test
    void blocks_areThoseOfTheFormat() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SnapshotWriter writer = new SnapshotWriter(out, "{}")) {
            writer.row("perf_metrics", "{\"segment\":7}", new byte[] {1, 2, 3});
        }

        // launcher's RestoreTest reads the same bytes
        assertThat(HexFormat.of().formatHex(out.toByteArray()))
                .isEqualTo("aa530100" + "0102000000" + crc(1, "{}") + "7b7d"
                        + "031e000000" + crc(3, "perf_metrics\n{\"segment\":7}\n\1\2\3")
                        + "706572665f6d6574726963730a" + "7b227365676d656e74223a377d0a" + "010203"
                        + "0004000000" + crc(0, "\2\0\0\0") + "02000000");
    }

    private static String crc(int kind, String payload) {
        CRC32C crc = new CRC32C();
        crc.update(kind);
        crc.update(payload.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of()
                .formatHex(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) crc.getValue())
                        .array());
    }

    @Test
    void rows_ofOneTable_shareABlock() throws IOException {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        try (SnapshotWriter writer = new SnapshotWriter(one, "{}")) {
            for (int i = 0; i < 1_000; i++) {
                writer.row("series", "{\"series_id\":" + i + "}");
            }
            writer.row("exemplar", "{}");
        }
        byte[] bytes = one.toByteArray();

        assertThat(bytes.length).isLessThan(10_000);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 4))
                .as("manifest, series, exemplar")
                .isEqualTo(3);
    }
}
