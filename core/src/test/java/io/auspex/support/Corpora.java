package io.auspex.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The public corpora on which accuracy is measured; {@code -Dauspex.corpora} says where they lie. */
public final class Corpora {
    private Corpora() {}

    public static Path folder(String corpus) {
        String root = System.getProperty("auspex.corpora");
        if (root == null) {
            throw new IllegalStateException("set -Dauspex.corpora to the folder of the corpora");
        }
        return Path.of(root, corpus);
    }

    /** The files below a folder that end as given, sorted by path. */
    public static List<Path> files(Path folder, String ending) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a file, unpacked by {@code xz} when it ends in {@code .xz}. */
    public static List<String> lines(Path file) {
        try {
            if (!file.toString().endsWith(".xz")) {
                return Files.readAllLines(file);
            }
            Process xz = new ProcessBuilder("xz", "-dc", file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(xz.getInputStream(), StandardCharsets.UTF_8))) {
                return reader.lines().toList();
            } finally {
                xz.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
