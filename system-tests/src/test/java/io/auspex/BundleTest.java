package io.auspex;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the launcher's build put where. */
final class BundleTest {
    private static final Path LIBRARIES = Path.of("../launcher/target/auspex/lib");
    /** What the container looks for in the libraries of an application, and nowhere else. */
    private static final List<String> FOUND_IN_APPLICATIONS = List.of(
            "META-INF/beans.xml", "META-INF/faces-config.xml", "META-INF/web-fragment.xml", "META-INF/resources/");

    @Test
    void theClassPath_hasNothingThatTheContainerWouldHaveToFind() throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(LIBRARIES)) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }

        assertThat(jars).hasSizeGreaterThan(20);
        for (Path jar : jars) {
            try (JarFile content = new JarFile(jar.toFile())) {
                assertThat(FOUND_IN_APPLICATIONS)
                        .as("%s belongs into the application: name it in launcher/pom.xml", jar.getFileName())
                        .noneMatch(name -> content.getEntry(name) != null);
            }
        }
    }

    @Test
    void eachLibrary_isOnTheClassPath_once() throws IOException {
        List<String> named;
        try (JarFile launcher = new JarFile(LIBRARIES.resolve("auspex.jar").toFile());
                JarFile libraries =
                        new JarFile(LIBRARIES.resolve("libraries.jar").toFile())) {
            named = Stream.of(launcher, libraries)
                    .flatMap(jar -> Stream.of(classPath(jar)))
                    .toList();
        }

        assertThat(named).doesNotHaveDuplicates();
        try (Stream<Path> files = Files.list(LIBRARIES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("auspex.jar")))
                    .isSubsetOf(named);
        }
    }

    private static String[] classPath(JarFile jar) {
        try {
            return jar.getManifest().getMainAttributes().getValue("Class-Path").split(" ", -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
