package io.auspex.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What every detector promises. */
abstract class DetectorContract {
    static final long INTERVAL = 60_000;
    static final int DAY = 1440;

    /** A detector that has learned {@link #history}, whose next sample is the one after it. */
    protected abstract Detector trained();

    /** Two days of a daily rhythm with noise of deviation 1 around 50 plus or minus 10. */
    static double[] history() {
        return rhythm(0, 2 * DAY);
    }

    static double[] rhythm(int from, int to) {
        double[] values = new double[to - from];
        for (int i = from; i < to; i++) {
            double noise = new SplittableRandom(7919L * i).nextGaussian();
            values[i - from] = 50 + 10 * Math.sin(2 * Math.PI * i / DAY) + noise;
        }
        return values;
    }

    static long[] times(int from, int to) {
        long[] times = new long[to - from];
        for (int i = from; i < to; i++) {
            times[i - from] = i * INTERVAL;
        }
        return times;
    }

    private static List<Score> go(Detector detector, int from, double[] values) {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            scores.add(detector.update((from + i) * INTERVAL, values[i]));
        }
        return scores;
    }

    @Test
    final void update_scoresHigh_whenTheLevelJumpsByTenDeviations() {
        double[] day = rhythm(2 * DAY, 2 * DAY + 400);
        for (int i = 200; i < 230; i++) {
            day[i] += 10;
        }

        List<Score> scores = go(trained(), 2 * DAY, day);

        double calm = scores.subList(100, 200).stream()
                .mapToDouble(Score::score)
                .max()
                .orElseThrow();
        double jump = scores.subList(200, 230).stream()
                .mapToDouble(Score::score)
                .max()
                .orElseThrow();
        assertThat(jump).isGreaterThan(1.5 * calm).isGreaterThan(3);
    }

    @Test
    final void update_staysCalm_whenNothingHappens() {
        List<Score> scores = go(trained(), 2 * DAY, rhythm(2 * DAY, 3 * DAY));

        assertThat(scores.stream().filter(score -> score.score() > 4).count()).isLessThanOrEqualTo(3);
        assertThat(scores).allSatisfy(score -> assertThat(score.score()).isBetween(0.0, Score.MAX));
    }

    @Test
    final void update_usesNothingLater_whenTheFutureDiffers() {
        double[] calm = rhythm(2 * DAY, 2 * DAY + 200);
        double[] wild = calm.clone();
        for (int i = 100; i < 200; i++) {
            wild[i] = 1e6;
        }

        assertThat(go(trained(), 2 * DAY, wild).subList(0, 100))
                .isEqualTo(go(trained(), 2 * DAY, calm).subList(0, 100));
    }

    @Test
    final void update_learnsNothing_whenTheValueIsNotFiniteOrTheTimeIsOld() {
        Detector disturbed = trained();
        Detector quiet = trained();
        double[] day = rhythm(2 * DAY, 2 * DAY + 50);

        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < day.length; i++) {
            long time = (2 * DAY + i) * INTERVAL;
            assertThat(disturbed.update(time, Double.NaN).score()).isZero();
            scores.add(disturbed.update(time, day[i]));
            assertThat(disturbed.update(time, 1e9).score()).isZero();
        }

        assertThat(scores).isEqualTo(go(quiet, 2 * DAY, day));
    }

    @Test
    final void restore_judgesAsBefore_afterSave() {
        Detector original = trained();
        go(original, 2 * DAY, rhythm(2 * DAY, 2 * DAY + 777));
        Detector copy = Detectors.restore(original.save());
        double[] next = rhythm(2 * DAY + 777, 3 * DAY);

        List<Score> expected = go(original, 2 * DAY + 777, next);
        List<Score> found = go(copy, 2 * DAY + 777, next);

        for (int i = 0; i < next.length; i++) {
            assertThat(found.get(i).score())
                    .isCloseTo(expected.get(i).score(), org.assertj.core.data.Offset.offset(1e-6));
            assertThat(found.get(i).season()).isEqualTo(expected.get(i).season());
        }
    }

    @Test
    final void restore_refuses_whenOneByteIsFlipped() {
        byte[] state = trained().save();
        state[state.length / 2] ^= 1;

        assertThatThrownBy(() -> Detectors.restore(state)).hasMessageContaining("checksum");
    }

    @Test
    final void save_isBounded_howeverMuchWasSeen() {
        Detector detector = trained();
        go(detector, 2 * DAY, rhythm(2 * DAY, 3 * DAY));
        int before = detector.save().length;
        go(detector, 3 * DAY, rhythm(3 * DAY, 9 * DAY));

        assertThat(detector.save().length).isLessThanOrEqualTo(Math.max(before, 64_000));
    }
}
