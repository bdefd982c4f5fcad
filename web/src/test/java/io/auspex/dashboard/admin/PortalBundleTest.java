package io.auspex.dashboard.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The committed browser bundle belongs to the committed sources; {@code ./dev vendor} makes it anew. */
class PortalBundleTest {
    private static final Path MAIN = Path.of("src/main");
    private static final Path BUNDLE = MAIN.resolve("webapp/resources/auspex");
    private static final Path RECORD = BUNDLE.resolve("bundle.sha256");

    @Test
    void bundle_matchesItsRecord_andSoDoTheSources() throws IOException {
        Map<String, String> recorded = new TreeMap<>();
        for (String line : Files.readAllLines(RECORD)) {
            recorded.put(line.substring(66), line.substring(0, 64));
        }

        assertThat(present()).as("run ./dev vendor").isEqualTo(recorded);
    }

    @Test
    void bundle_namesTheLicenceOfEveryPackage() throws IOException {
        String licences = Files.readString(BUNDLE.resolve("LICENSES.txt"));

        assertThat(licences)
                .contains("uplot 1.", "@prometheus-io/codemirror-promql ", "@codemirror/view ", "Permission is hereby");
    }

    @Test
    void bundle_asksNobodyElse() throws IOException {
        try (Stream<Path> files = Files.list(BUNDLE)) {
            for (Path file : files.filter(path ->
                            path.toString().endsWith(".js") || path.toString().endsWith(".css"))
                    .toList()) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContainPattern("(src|href|url\\()=?[\"']?https?://");
            }
        }
    }

    /** Every file that the record must name: all sources of the bundle and the bundle itself. */
    private static Map<String, String> present() throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> sources = Files.walk(MAIN.resolve("frontend"));
                Stream<Path> bundle = Files.walk(BUNDLE)) {
            Stream.concat(sources.filter(path -> !path.toString().contains("node_modules")), bundle)
                    .filter(Files::isRegularFile)
                    .filter(path -> !path.equals(RECORD))
                    .forEach(path -> hashes.put(MAIN.relativize(path).toString().replace('\\', '/'), sha256(path)));
        }
        return hashes;
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
