package io.auspex.ingest.control;

import io.auspex.ingest.ScrapeJob.TargetGroup;
import io.auspex.platform.AuspexException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Targets of one tenant in files that the operator lets it have. A file that cannot be read keeps the targets that it
 * had. Not thread-safe.
 */
final class ScrapeFiles {
    private static final long MOST_BYTES = 256 << 10;
    private static final int MOST_FILES = 200;
    private static final String FILE_PATH = "__meta_filepath";

    private final Optional<Path> directory;
    private final Map<Path, Known> known = new HashMap<>();

    private record Known(FileTime time, long size, List<TargetGroup> groups) {}

    ScrapeFiles(Optional<Path> directory) {
        this.directory = directory;
    }

    /** The targets in the files of a pattern; what is wrong with them is added to the problems. */
    List<TargetGroup> read(String pattern, List<String> problems) {
        if (directory.isEmpty() || !Files.isDirectory(directory.get())) {
            problems.add(pattern + ": the operator has put no files of targets for this tenant");
            return List.of();
        }
        List<TargetGroup> groups = new ArrayList<>();
        try {
            for (Path file : files(directory.get().toRealPath(), pattern)) {
                groups.addAll(read(file, directory.get().toRealPath(), problems));
            }
        } catch (IOException e) {
            problems.add(pattern + " cannot be listed");
        }
        return groups;
    }

    private static TreeSet<Path> files(Path root, String pattern) throws IOException {
        Path parent = root.resolve(pattern).getParent();
        TreeSet<Path> files = new TreeSet<>();
        if (parent == null || !Files.isDirectory(parent)) {
            return files;
        }
        String name = pattern.substring(pattern.lastIndexOf('/') + 1);
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(parent, name)) {
            for (Path file : listed) {
                // a link must not lead out of what the tenant may see
                if (files.size() < MOST_FILES
                        && Files.isRegularFile(file)
                        && file.toRealPath().startsWith(root)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private List<TargetGroup> read(Path file, Path root, List<String> problems) {
        String name = root.relativize(file).toString();
        Known last = known.get(file);
        try {
            FileTime time = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            if (last != null && last.time().equals(time) && last.size() == size) {
                return last.groups();
            }
            if (size > MOST_BYTES) {
                throw new IOException("it is larger than " + MOST_BYTES + " bytes");
            }
            List<TargetGroup> groups = ConfigNode.parse(Files.readString(file, StandardCharsets.UTF_8))
                    .map(ScrapeConfigs::groups)
                    .orElse(List.of())
                    .stream()
                    .map(group -> named(group, name))
                    .toList();
            known.put(file, new Known(time, size, groups));
            return groups;
        } catch (AuspexException e) {
            problems.add(name + ": " + e.detail());
        } catch (IOException e) {
            problems.add(name + ": " + e.getMessage());
        }
        return last == null ? List.of() : last.groups();
    }

    private static TargetGroup named(TargetGroup group, String file) {
        Map<String, String> labels = new HashMap<>(group.labels());
        labels.put(FILE_PATH, file);
        return new TargetGroup(group.targets(), labels);
    }
}
