package io.auspex.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFileTest {
    @TempDir
    Path directory;

    @Test
    void write_replacesTheWholeFile_andWhatAnInterruptedWriteLeft() throws Exception {
        Path file = directory.resolve("port");
        Files.writeString(file, "longer than what comes");
        Files.writeString(directory.resolve("port.new"), "left");

        DurableFile.write(file, "16000\n".getBytes(StandardCharsets.UTF_8));

        assertThat(Files.readString(file)).isEqualTo("16000\n");
        assertThat(directory.resolve("port.new")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
