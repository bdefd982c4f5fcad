package io.auspex.tenancy.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StoredTextTest {
    @Test
    void of_replacesWhatPostgresCannotHold_andCutsWhatIsTooLong() {
        assertThat(StoredText.of("a\0b")).isEqualTo("a\ufffdb");
        assertThat(StoredText.of("a\0b", 2)).isEqualTo("a\ufffd");
        assertThat(StoredText.of("ab", 5)).isEqualTo("ab");
    }
}
