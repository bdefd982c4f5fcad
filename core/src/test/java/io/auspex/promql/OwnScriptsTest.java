package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Our own language tests: what the reference's scripts leave out. */
final class OwnScriptsTest {
    @Test
    void scripts_pass() throws URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(getClass().getResource("/promql/joins.test"))
                        .toURI())
                .getParent();
        List<Path> scripts = PromqlTestRunner.scripts(folder);

        assertThat(scripts).hasSizeGreaterThanOrEqualTo(4);
        for (Path script : scripts) {
            PromqlTestRunner.Outcome outcome = PromqlTestRunner.run(script);
            assertThat(outcome.failures()).as(outcome.script()).isEmpty();
            assertThat(outcome.passed()).as(outcome.script()).isPositive();
        }
    }
}
