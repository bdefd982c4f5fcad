package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NaturalOrderTest {
    @Test
    void natural_readsDigitsAsNumbers() {
        List<String> sorted = List.of("", "1", "2", "10", "a", "a1", "a1b", "a2", "a10", "a10b2", "a10b10", "b");
        List<String> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.sort(SortFunctions::natural);

        assertThat(shuffled).isEqualTo(sorted);
    }
}
