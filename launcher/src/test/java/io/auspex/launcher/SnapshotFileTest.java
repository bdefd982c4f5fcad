package io.auspex.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes that core's SnapshotWriterTest pins. */
final class SnapshotFileTest {
    @TempDir
    Path directory;

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

    private static byte[] pinned() {
        return HexFormat.of()
                .parseHex("aa530100" + "0102000000" + crc(1, "{}") + "7b7d" + "031e000000"
                        + crc(3, "perf_metrics\n{\"segment\":7}\n\1\2\3") + "706572665f6d6574726963730a"
                        + "7b227365676d656e74223a377d0a" + "010203" + "0004000000" + crc(0, "\2\0\0\0") + "02000000");
    }

    private String readAll(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("s"), bytes);
        StringBuilder all = new StringBuilder();
        try (SnapshotFile snapshot = new SnapshotFile(file)) {
            all.append(snapshot.manifest());
            for (Optional<SnapshotFile.Rows> rows = snapshot.next(); rows.isPresent(); rows = snapshot.next()) {
                List<String> json = rows.get().json();
                all.append(' ').append(rows.get().table()).append(json);
                rows.get().data().ifPresent(data -> all.append(Arrays.toString(data)));
            }
        }
        return all.toString();
    }

    @Test
    void theFormat_isRead() throws IOException {
        assertThat(readAll(pinned())).isEqualTo("{} perf_metrics[{\"segment\":7}][1, 2, 3]");
    }

    @Test
    void everyDamage_isRefusedWithItsPlace() {
        byte[] good = pinned();
        for (int i = 0; i < good.length; i++) {
            byte[] flipped = good.clone();
            flipped[i] ^= 0x10;
            if (i != 3) { // is kept for later
                assertThatThrownBy(() -> readAll(flipped))
                        .as("byte " + i)
                        .isInstanceOf(Refusal.class)
                        .hasMessageContaining("damaged or not complete at byte ");
            }
            byte[] cut = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> readAll(cut))
                    .as("cut at " + i)
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("it ends too soon");
        }
        assertThatThrownBy(() -> readAll(Arrays.copyOf(good, good.length + 1)))
                .hasMessageContaining("something follows its end");
        byte[] newer = good.clone();
        newer[2] = 2;
        assertThatThrownBy(() -> readAll(newer)).hasMessageContaining("of version 2, this version reads 1");
    }
}
