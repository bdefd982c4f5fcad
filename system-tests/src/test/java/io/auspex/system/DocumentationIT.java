package io.auspex.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The commands of {@code docs/api} do what is printed below them: each {@code sh} block runs, and its output is the
 * block that follows, in which {@code ...} stands for anything.
 */
final class DocumentationIT {
    private static final Path DOCS =
            Path.of(System.getProperty("auspex.home", ".."), "docs", "api").normalize();
    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\\n(.*?)```\\n(?:```(?:json|text)\\n(.*?)```)?", Pattern.DOTALL);

    @TestFactory
    List<DynamicTest> examples() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.sorted().collect(Collectors.toList())) {
                Matcher example = EXAMPLE.matcher(Files.readString(page));
                while (example.find()) {
                    String command = example.group(1);
                    String expected = example.group(2);
                    String name = page.getFileName() + ": "
                            + command.lines().findFirst().orElse("");
                    tests.add(DynamicTest.dynamicTest(name, () -> check(command, expected)));
                }
            }
        }
        assertThat(tests).as("examples in %s", DOCS).isNotEmpty();
        return tests;
    }

    private static void check(String command, String expected) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", command).redirectErrorStream(true);
        shell.environment().put("AUSPEX", RunningServer.shared().uri("").toString());
        shell.environment().put("KEY", RunningServer.API_KEY);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        if (expected != null) {
            String pattern = Stream.of(expected.strip().split("\\.\\.\\.", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*"));
            assertThat(output.strip()).matches(Pattern.compile(pattern, Pattern.DOTALL));
        }
    }
}
