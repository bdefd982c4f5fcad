package io.auspex.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class Hash128Test {
    /** Vectors of the published MurmurHash3_x64_128 with seed 0. */
    @Test
    void hash_equalsThePublishedAlgorithm() {
        assertThat(hash("")).isEqualTo("00000000000000000000000000000000");
        assertThat(hash("hello")).isEqualTo("cbd8a7b341bd9b025b1e906a48ae1d19");
        assertThat(hash("The quick brown fox jumps over the lazy dog")).isEqualTo("e34bbc7bbc071b6c7a433ca9c49a9347");
    }

    @Test
    void hash_dependsOnTheRangeOnly() {
        byte[] padded = "xxhelloyy".getBytes(StandardCharsets.US_ASCII);
        long[] high = new long[2];
        long[] low = new long[2];

        Hash128.hash(padded, 2, 5, high, low, 1);

        assertThat(String.format("%016x%016x", high[1], low[1])).isEqualTo(hash("hello"));
    }

    private static String hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long[] high = new long[1];
        long[] low = new long[1];
        Hash128.hash(bytes, 0, bytes.length, high, low, 0);
        return String.format("%016x%016x", high[0], low[0]);
    }
}
