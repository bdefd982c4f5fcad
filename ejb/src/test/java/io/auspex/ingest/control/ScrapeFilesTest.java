package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.ingest.ScrapeJob.TargetGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScrapeFilesTest {
    @TempDir
    Path directory;

    private final List<String> problems = new ArrayList<>();

    @Test
    void targets_areReadFromTheTenantsFiles_andFollowThem() throws IOException {
        Path own = Files.createDirectories(directory.resolve("acme/targets"));
        Files.createDirectory(own.resolve("team"));
        Files.writeString(
                own.resolve("team/a.json"), "[{\"targets\": [\"a:1\", \"b:1\"], \"labels\": {\"x\": \"y\"}}]");
        Files.writeString(own.resolve("team/b.yml"), "- targets: [c:1]\n");
        ScrapeFiles files = new ScrapeFiles(Optional.of(own));

        assertThat(files.read("team/*.json", problems))
                .containsExactly(
                        new TargetGroup(List.of("a:1", "b:1"), Map.of("x", "y", "__meta_filepath", "team/a.json")));
        assertThat(files.read("team/b.yml", problems))
                .extracting(TargetGroup::targets)
                .containsExactly(List.of("c:1"));
        assertThat(problems).isEmpty();
        Files.writeString(own.resolve("team/b.yml"), "- targets: [c:1, d:1]\n");
        assertThat(files.read("team/b.yml", problems))
                .extracting(TargetGroup::targets)
                .containsExactly(List.of("c:1", "d:1"));
        Files.writeString(own.resolve("team/b.yml"), "- targets: c\n");
        assertThat(files.read("team/b.yml", problems))
                .as("what was there stays")
                .extracting(TargetGroup::targets)
                .containsExactly(List.of("c:1", "d:1"));
        assertThat(problems).containsExactly("team/b.yml: line 1, column 12: a list is expected");
        assertThat(files.read("*.json", problems)).isEmpty();
    }

    @Test
    void linksThatLeadElsewhere_areNotFollowed() throws IOException {
        Path own = Files.createDirectories(directory.resolve("acme/targets"));
        Path other = Files.createDirectories(directory.resolve("globex/targets"));
        Files.writeString(other.resolve("theirs.yml"), "- targets: [secret:1]\n");
        Files.createSymbolicLink(own.resolve("link.yml"), other.resolve("theirs.yml"));
        Files.createSymbolicLink(own.resolve("dir"), other);
        ScrapeFiles files = new ScrapeFiles(Optional.of(own));

        assertThat(files.read("*.yml", problems)).isEmpty();
        assertThat(files.read("dir/*.yml", problems)).isEmpty();
        assertThat(new ScrapeFiles(Optional.empty()).read("*.yml", problems)).isEmpty();
        assertThat(problems).containsExactly("*.yml: the operator has put no files of targets for this tenant");
    }
}
