package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.support.Seeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RankingTest {
    @Test
    void offer_keepsTheBest_andOfEqualsTheFirst() {
        Seeded.forAll(random -> {
            boolean greatest = random.nextBoolean();
            int count = random.nextInt(1, 40);
            int k = random.nextInt(1, 12);
            List<Double> values = new ArrayList<>();
            Ranking ranking = new Ranking(greatest, count);
            ranking.clear(Math.min(k, count));
            for (int i = 0; i < count; i++) {
                values.add(random.nextInt(10) == 0 ? Double.NaN : random.nextInt(8));
                ranking.offer(values.get(i), i);
            }

            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                expected.add(i);
            }
            Comparator<Integer> byValue = Comparator.comparing(
                    values::get, (a, b) -> a.isNaN() || b.isNaN() ? 0 : greatest ? b.compareTo(a) : a.compareTo(b));
            expected.sort(
                    Comparator.<Integer, Boolean>comparing(i -> values.get(i).isNaN())
                            .thenComparing(byValue)
                            .thenComparing(i -> i));
            List<Integer> got = new ArrayList<>();
            for (int rank = 0; rank < ranking.size(); rank++) {
                got.add(ranking.member(rank));
            }
            assertThat(got).containsExactlyInAnyOrderElementsOf(expected.subList(0, Math.min(k, count)));
        });
    }
}
