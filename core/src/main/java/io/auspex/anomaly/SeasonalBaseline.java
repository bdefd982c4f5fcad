package io.auspex.anomaly;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Expects the season of the series plus the level of the last samples, and judges in two ways.
 *
 * <p>{@value #POINT}: the distance of the sample from its expectation, in deviations of such distances.
 * {@value #LEVEL}: the distance of the smoothed series (about {@value #SMOOTHING} samples) from the season or, without one,
 * from its long-run level. Both pass an {@link OnlineTail}, so that the scores are calibrated by the series'
 * own past. Level and deviation are Huber means: an outlier pulls them by three deviations at most.
 *
 * <p>A series that has been constant has no deviations to measure a departure in: there the rule of succession speaks
 * (Laplace 1814), how often such a series has departed before and for how long, and a departure that lasts
 * {@value #WARM_UP} samples is what is expected from then on.
 *
 * <p>Bounded state, about 8 kB for each series; needs {@value #WARM_UP} samples before it expects anything.
 */
public final class SeasonalBaseline implements Detector {
    public static final String POINT = "baseline-point";
    public static final String LEVEL = "baseline-level";

    static final char KIND = 'B';
    static final int VERSION = 2;
    private static final int WARM_UP = 12;
    private static final int SMOOTHING = 64;
    private static final double CLIP = 3;
    /** E|min(|z|, 3)| of a Gaussian, which the clipped mean absolute deviation is divided by. */
    private static final double GAUSSIAN_MEAN = 0.7973;

    private static final double SCALE_WEIGHT = 1.0 / 200;
    private static final double LONG_RUN_WEIGHT = 1.0 / 1000;
    private static final double HALF_LIFE = 5000;
    /** The share of samples inside the band. */
    private static final double BAND = 0.997;
    /** Paces at which a level may follow; the one that expected best of late is used. */
    private static final double[] PACES = {0.02, 0.1, 0.4, 0.9};

    private final double[] warmUp = new double[WARM_UP];
    private final long[] warmUpTimes = new long[WARM_UP];
    private int seen;
    private boolean negative;
    private final Departures departures = new Departures();
    private long last = Long.MIN_VALUE;
    private long interval;
    private SeasonalProfile profile = new SeasonalProfile(0);

    private final double[] levels = new double[PACES.length];
    private final double[] paceErrors = new double[PACES.length];
    private double scale;
    private double smooth;
    private double longRun;
    private double spread;
    private Season levelsAgainst = Season.NONE;
    private final OnlineTail pointTail = new OnlineTail(OnlineTail.Shape.POWER, HALF_LIFE);
    private final OnlineTail levelTail = new OnlineTail(OnlineTail.Shape.POWER, HALF_LIFE);

    @Override
    public Score update(long epochMillis, double value) {
        if (!Double.isFinite(value) || epochMillis <= last) {
            return silent(epochMillis, value);
        }
        if (seen < WARM_UP) {
            warmUp(epochMillis, value);
            return silent(epochMillis, value);
        }
        profile.advance(epochMillis);
        double season = profile.expect(epochMillis);
        boolean seasonal = !Double.isNaN(season);
        rebase(seasonal ? profile.season() : Season.NONE, seasonal ? season : 0, value);
        double deseasoned = seasonal ? value - season : value;

        double level = levels[bestPace()];
        double expected = level + (seasonal ? season : 0);
        double width = Math.max(scale, Robust.floor(expected));
        double oddness = Math.abs(value - expected) / width;
        double band = pointTail.quantile(BAND) * width;
        boolean constant = scale < width;
        boolean departs = constant && oddness > CLIP;
        departures.advance(departs, value);
        double point = pointTail.score(oddness);
        double levelPart = levelScore(deseasoned, expected);
        if (constant) {
            point = departs ? departures.score() : Math.min(point, departures.score());
            levelPart = Math.min(levelPart, departures.score());
        }
        Score score = new Score(
                epochMillis,
                value,
                Math.max(point, levelPart),
                expected,
                negative ? expected - band : Math.max(0, expected - band),
                expected + band,
                levelsAgainst,
                parts(point, levelPart));
        learn(epochMillis, value, deseasoned, oddness, width);
        if (departs && departures.run() == WARM_UP) {
            departures.copyRun(warmUp);
            settle();
        }
        return score;
    }

    @Override
    public long observations() {
        return seen;
    }

    private static List<Score.Part> parts(double point, double level) {
        List<Score.Part> parts = new ArrayList<>(List.of(new Score.Part(POINT, point), new Score.Part(LEVEL, level)));
        parts.sort(Comparator.comparingDouble(Score.Part::score).reversed());
        return parts;
    }

    private double levelScore(double deseasoned, double expected) {
        double next = smooth + (clip(deseasoned - smooth, spread * 6)) / SMOOTHING;
        return levelTail.score(levelOddness(next, expected));
    }

    private double levelOddness(double smoothed, double expected) {
        return Math.abs(smoothed - longRun) / Math.max(spread, Robust.floor(expected));
    }

    private void learn(long epochMillis, double value, double deseasoned, double oddness, double width) {
        for (int p = 0; p < PACES.length; p++) {
            double residual = deseasoned - levels[p];
            paceErrors[p] += (Math.min(Math.abs(residual), CLIP * 2 * width) - paceErrors[p]) / 100;
            levels[p] += PACES[p] * clip(residual, CLIP * width / Math.min(1, PACES[p] * 4));
        }
        scale += SCALE_WEIGHT * (Math.min(oddness, CLIP) * width / GAUSSIAN_MEAN - scale);
        smooth += clip(deseasoned - smooth, spread * 6 + width) / SMOOTHING;
        double distance = smooth - longRun;
        longRun += LONG_RUN_WEIGHT * clip(distance, CLIP * Math.max(spread, width / 8));
        levelTail.learn(levelOddness(smooth, value));
        spread += LONG_RUN_WEIGHT * (Math.min(Math.abs(distance), CLIP * spread + width) / GAUSSIAN_MEAN - spread);
        pointTail.learn(oddness);
        profile.learn(value);
        last = epochMillis;
        negative |= value < 0;
        seen++;
    }

    /** When the season appears or goes, levels are distances from something else; they start where the series is. */
    private void rebase(Season now, double season, double value) {
        if (now == levelsAgainst) {
            return;
        }
        double deseasoned = now == Season.NONE ? value : value - season;
        java.util.Arrays.fill(
                levels, now == Season.NONE ? value : Math.signum(deseasoned) * Math.min(Math.abs(deseasoned), scale));
        smooth = now == Season.NONE ? value : 0;
        longRun = smooth;
        levelsAgainst = now;
    }

    private int bestPace() {
        int best = 0;
        for (int p = 1; p < PACES.length; p++) {
            if (paceErrors[p] < paceErrors[best]) {
                best = p;
            }
        }
        return best;
    }

    private void warmUp(long epochMillis, double value) {
        warmUp[seen] = value;
        warmUpTimes[seen] = epochMillis;
        last = epochMillis;
        negative |= value < 0;
        seen++;
        if (seen < WARM_UP) {
            return;
        }
        double[] gaps = new double[WARM_UP - 1];
        for (int i = 1; i < WARM_UP; i++) {
            gaps[i - 1] = warmUpTimes[i] - warmUpTimes[i - 1];
        }
        interval = (long) Robust.median(gaps, gaps.length);
        profile = new SeasonalProfile(interval);
        for (int i = 0; i < WARM_UP; i++) {
            profile.advance(warmUpTimes[i]);
            profile.learn(warmUp[i]);
        }
        settle();
    }

    /** Expects what the last samples were: at the start, and where a constant series has become another. */
    private void settle() {
        double middle = Robust.median(warmUp.clone(), WARM_UP);
        levelsAgainst = Season.NONE;
        scale = Math.max(Robust.deviation(warmUp, WARM_UP, middle), Robust.floor(middle));
        java.util.Arrays.fill(levels, middle);
        smooth = middle;
        longRun = middle;
        spread = scale / 2;
    }

    private static double clip(double value, double limit) {
        return Math.max(-limit, Math.min(limit, value));
    }

    private Score silent(long epochMillis, double value) {
        return new Score(epochMillis, value, 0, Double.NaN, Double.NaN, Double.NaN, levelsAgainst, List.of());
    }

    @Override
    public byte[] save() {
        return SealedBytes.seal(KIND, VERSION, out -> {
            out.writeInt(Math.min(seen, Integer.MAX_VALUE - 1));
            out.writeLong(last);
            out.writeLong(interval);
            for (int i = 0; i < WARM_UP; i++) {
                out.writeLong(warmUpTimes[i]);
                out.writeDouble(warmUp[i]);
            }
            for (int p = 0; p < PACES.length; p++) {
                out.writeDouble(levels[p]);
                out.writeDouble(paceErrors[p]);
            }
            for (double value : new double[] {scale, smooth, longRun, spread}) {
                out.writeDouble(value);
            }
            out.writeBoolean(negative);
            departures.save(out);
            out.writeByte(levelsAgainst.ordinal());
            pointTail.save(out);
            levelTail.save(out);
            profile.save(out);
        });
    }

    static SeasonalBaseline restore(byte[] sealed) {
        return SealedBytes.open(sealed, KIND, VERSION, in -> {
            SeasonalBaseline baseline = new SeasonalBaseline();
            baseline.seen = in.readInt();
            baseline.last = in.readLong();
            baseline.interval = in.readLong();
            for (int i = 0; i < WARM_UP; i++) {
                baseline.warmUpTimes[i] = in.readLong();
                baseline.warmUp[i] = in.readDouble();
            }
            for (int p = 0; p < PACES.length; p++) {
                baseline.levels[p] = in.readDouble();
                baseline.paceErrors[p] = in.readDouble();
            }
            baseline.scale = in.readDouble();
            baseline.smooth = in.readDouble();
            baseline.longRun = in.readDouble();
            baseline.spread = in.readDouble();
            baseline.negative = in.readBoolean();
            baseline.departures.load(in);
            baseline.levelsAgainst = Season.values()[in.readByte()];
            baseline.pointTail.load(in);
            baseline.levelTail.load(in);
            baseline.profile = new SeasonalProfile(baseline.interval);
            baseline.profile.load(in);
            return baseline;
        });
    }
}
