package io.auspex.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFileTest {
    @TempDir
    Path directory;

    @Test
    void publish_keepsTheNewestFilesOnly_andLosesNoRecordOfThem() throws Exception {
        LogFile log = new LogFile(directory.resolve("auspex.log"), 300, 3);

        for (int i = 0; i < 20; i++) {
            log.publish(new LogRecord(Level.INFO, "record " + i));
        }
        log.close();

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("auspex.log", "auspex.log.1", "auspex.log.2");
        }
        List<String> newest = Files.readAllLines(directory.resolve("auspex.log"));
        assertThat(newest.get(newest.size() - 1)).contains("record 19");
        assertThat(Files.size(directory.resolve("auspex.log.1"))).isBetween(200L, 300L);
    }

    @Test
    void publish_appends_afterAnEarlierStart() throws Exception {
        for (String message : List.of("first start", "second start")) {
            LogFile log = new LogFile(directory.resolve("auspex.log"), 10_000, 2);
            log.publish(new LogRecord(Level.INFO, message));
            log.close();
        }

        assertThat(Files.readAllLines(directory.resolve("auspex.log"))).hasSize(2);
    }
}
