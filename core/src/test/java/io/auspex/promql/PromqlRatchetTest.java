package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.support.Corpora;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/**
 * The reference's language tests, and a ratchet: a script that has passed as often as {@code ratchet.txt} says
 * never passes less often.
 */
final class PromqlRatchetTest {
    @Test
    void scripts_passAsOftenAsEver() throws IOException {
        Properties ratchet = new Properties();
        try (InputStream file = getClass().getResourceAsStream("/promql/ratchet.txt")) {
            ratchet.load(Objects.requireNonNull(file, "promql/ratchet.txt is missing"));
        }
        for (String script : ratchet.stringPropertyNames()) {
            PromqlTestRunner.Outcome outcome =
                    PromqlTestRunner.run(Corpora.folder("promqltest").resolve(script));

            assertThat(outcome.passed())
                    .as(script + ": " + outcome.failures())
                    .isGreaterThanOrEqualTo(Integer.parseInt(ratchet.getProperty(script)));
            assertThat(outcome.failures()).as(script).isEmpty();
        }
    }
}
