package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.series.Labels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Test vectors of the XXH64 reference implementations. */
final class LabelHashTest {
    @Test
    void xxh64_equalsPublishedVectors() {
        assertThat(hash("")).isEqualTo(0xef46db3751d8e999L);
        assertThat(hash("a")).isEqualTo(0xd24ec4f1a98c6e5bL);
        assertThat(hash("as")).isEqualTo(0x1c330fb2d66be179L);
        assertThat(hash("asd")).isEqualTo(0x631c37ce72a97393L);
        assertThat(hash("asdf")).isEqualTo(0x415872f599cea71eL);
        assertThat(hash("Call me Ishmael. Some years ago--never mind how long precisely-"))
                .isEqualTo(0x02a2e85470d6fd96L);
    }

    @Test
    void fraction_isBetweenZeroAndOne_forLongLabels() {
        Labels labels = Labels.of("a", "x".repeat(300), "b", "y");

        assertThat(LabelHash.fraction(labels)).isBetween(0.0, 1.0);
        assertThat(LabelHash.hash(labels)).isNotEqualTo(LabelHash.hash(labels.with("b", "z")));
    }

    private static long hash(String text) {
        return LabelHash.xxh64(text.getBytes(StandardCharsets.US_ASCII));
    }
}
