package io.auspex.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretFileTest {
    @TempDir
    Path directory;

    @Test
    void get_answersTheSameSecret_afterARestart() throws Exception {
        Path file = directory.resolve("postgres.properties");
        String made = SecretFile.at(file).get("owner.password");

        assertThat(SecretFile.at(file).get("owner.password")).isEqualTo(made).hasSizeGreaterThanOrEqualTo(32);
        assertThat(SecretFile.at(file).get("app.password")).isNotEqualTo(made);
    }

    @Test
    void get_leavesAFileForItsOwnerOnly() throws Exception {
        Path file = directory.resolve("postgres.properties");
        SecretFile.at(file).get("owner.password");
        SecretFile.at(file).get("app.password");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
