package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.support.Seeded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class OnlineTailTest {
    @Test
    void score_isTheProbability_ofExponentialOddness() {
        Seeded.forAll(random -> {
            OnlineTail tail = new OnlineTail(OnlineTail.Shape.EXPONENTIAL, 1e6);
            for (int i = 0; i < 20_000; i++) {
                tail.learn(-Math.log(1 - random.nextDouble()));
            }

            assertThat(tail.score(Math.log(10))).isBetween(0.9, 1.1);
            assertThat(tail.score(Math.log(1000))).isBetween(2.4, 3.4);
            assertThat(tail.score(Math.log(1e6))).isBetween(3.7, 8.0);
        });
    }

    @Test
    void score_risesWithOddness() {
        Seeded.forAll(random -> {
            OnlineTail tail =
                    new OnlineTail(random.nextBoolean() ? OnlineTail.Shape.POWER : OnlineTail.Shape.EXPONENTIAL, 5000);
            random.doubles(random.nextInt(3000)).forEach(u -> tail.learn(Math.pow(u, -0.5) - 1));
            double[] oddness = random.doubles(50, 0, 100).sorted().toArray();

            double[] scores = Arrays.stream(oddness).map(tail::score).toArray();

            for (int i = 1; i < scores.length; i++) {
                assertThat(scores[i]).isGreaterThanOrEqualTo(scores[i - 1] - 1e-9);
            }
        });
    }

    @Test
    void quantile_isTheShareOfWhatWasSeen() {
        OnlineTail tail = new OnlineTail(OnlineTail.Shape.EXPONENTIAL, 1e6);
        for (int i = 0; i < 10_000; i++) {
            tail.learn(i / 1000.0);
        }

        assertThat(tail.quantile(0.9)).isBetween(8.9, 9.1);
        assertThat(tail.quantile(0.5)).isBetween(4.9, 5.1);
    }
}
