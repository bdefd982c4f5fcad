package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.support.Seeded;
import org.junit.jupiter.api.Test;

final class NeighbourDetectorTest extends DetectorContract {
    @Override
    protected Detector trained() {
        return NeighbourDetector.growing(WindowBank.train(history(), 1024), 1500);
    }

    @Test
    void update_findsAShape_thatNoSingleValueBetrays() {
        double[] square = new double[2000];
        for (int i = 0; i < square.length; i++) {
            square[i] = i / 20 % 2;
        }
        Detector detector = NeighbourDetector.of(WindowBank.train(square, 1024));
        double calm = 0;
        double stuck = 0;
        for (int i = 0; i < 400; i++) {
            boolean hangs = i >= 300 && i < 380;
            double score = detector.update(i, hangs ? 1 : square[i]).score();
            calm = i > 100 && i < 300 ? Math.max(calm, score) : calm;
            stuck = hangs ? Math.max(stuck, score) : stuck;
        }

        assertThat(stuck).isGreaterThan(calm + 3);
    }

    @Test
    void train_findsThePeriod_asAWindowOfItsOwn() {
        double[] values = new double[3000];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(2 * Math.PI * i / 144);
        }

        assertThat(WindowBank.train(values, 3000).windows()).containsExactly(16, 64, 144);
    }

    @Test
    void train_keepsNoMoreThanItsLimit() {
        WindowBank bank = WindowBank.train(rhythm(0, 9 * DAY), 2000);

        assertThat(bank.size()).isBetween(1000, 2000);
        assertThat(WindowBank.restore(bank.save()).save()).isEqualTo(bank.save());
    }

    @Test
    void train_refuses_whenThereIsTooLittle() {
        assertThatThrownBy(() -> WindowBank.train(new double[127], 1024)).hasMessageContaining("got 127");
    }

    @Test
    void distances_equalThoseComputedWhole() {
        Seeded.forAll(random -> {
            int n = 120;
            int window = 2 + random.nextInt(20);
            double[] bank = random.doubles(n, -3, 3).toArray();
            double[] stream = random.doubles(window + random.nextInt(60), -3, 3).toArray();
            WindowDistances distances = new WindowDistances(window, n);
            for (int i = 0; i < stream.length; i++) {
                distances.advance(bank, n, stream[i], i >= window ? stream[i - window] : Double.NaN);
            }
            int[] runs = new int[n];
            double[] blocks = new double[n / Math.max(1, window / 2) + 1];
            java.util.Arrays.fill(blocks, Double.POSITIVE_INFINITY);
            for (int j = 0; j < n; j++) {
                runs[j] = j + 1;
                if (j + 1 >= window) {
                    double sum = 0;
                    for (int k = 0; k < window; k++) {
                        double difference = stream[stream.length - 1 - k] - bank[j - k];
                        sum += difference * difference;
                    }
                    int block = j / (window / 2);
                    blocks[block] = Math.min(blocks[block], Math.sqrt(sum / window));
                }
            }
            java.util.Arrays.sort(blocks);

            assertThat(distances.nearest(runs, n, n, n))
                    .isCloseTo(blocks[WindowDistances.NEIGHBOURS - 1], org.assertj.core.data.Offset.offset(1e-9));
        });
    }
}
