package io.auspex.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Judges the latest windows of a series by their distance to the third most similar stretch of its history.
 *
 * <p>Windows of 16 and 64 samples and of the period are compared with a {@link WindowBank} by Euclidean
 * distance of standardised values, because amplitude matters; each distance becomes a tail probability of its own
 * history and the rarest speaks. With {@link #growing} the samples themselves become history, so that what
 * returned often enough stops being odd.
 *
 * <p>State: two doubles for each bank point and window length; cost of a sample: a few operations for each.
 * After Burnaev and Ishimtsev, "Conformalized density- and distance-based anomaly detection" (2016).
 */
public final class NeighbourDetector implements Detector {
    public static final String NAME = "neighbours";

    static final char KIND = 'N';
    static final int VERSION = 1;
    private static final double HALF_LIFE = 10_000;
    private static final double BAND_DEVIATIONS = 3;

    private final WindowBank bank;
    private final boolean growing;
    private final int limit;
    private double[] points;
    private int[] runs;
    private int size;

    private final double[] recent;
    private long seen;
    private long last = Long.MIN_VALUE;
    private double residual;
    private final WindowDistances[] distances;
    private final OnlineTail[] tails;
    private final double[] scores;

    private NeighbourDetector(WindowBank bank, boolean growing, int limit) {
        this.bank = bank;
        this.growing = growing;
        this.limit = Math.max(limit, bank.size());
        int capacity = growing ? this.limit + this.limit / 4 : bank.size();
        points = new double[capacity];
        for (int i = 0; i < bank.size(); i++) {
            points[i] = bank.points()[i];
        }
        runs = Arrays.copyOf(bank.runs(), capacity);
        size = bank.size();
        int[] windows = bank.windows();
        recent = new double[Arrays.stream(windows).max().orElseThrow()];
        distances = new WindowDistances[windows.length];
        tails = new OnlineTail[windows.length];
        scores = new double[windows.length];
        for (int w = 0; w < windows.length; w++) {
            distances[w] = new WindowDistances(windows[w], capacity);
            tails[w] = new OnlineTail(OnlineTail.Shape.EXPONENTIAL, HALF_LIFE);
        }
    }

    /** A detector whose history is the bank alone. */
    public static NeighbourDetector of(WindowBank bank) {
        NeighbourDetector detector = new NeighbourDetector(bank, false, bank.size());
        detector.calibrate();
        return detector;
    }

    /**
     * A detector that starts from a bank and takes what it sees into its history.
     *
     * @param limit points of history kept, the oldest leave first
     */
    public static NeighbourDetector growing(WindowBank bank, int limit) {
        NeighbourDetector detector = new NeighbourDetector(bank, true, limit);
        detector.calibrate();
        return detector;
    }

    /** Learns which distances are ordinary by judging the bank against its other parts. */
    private void calibrate() {
        for (int w = 0; w < distances.length; w++) {
            int window = distances[w].window();
            WindowDistances own = new WindowDistances(window, size);
            for (int i = 0; i < size; i++) {
                double leaving = runs[i] > window ? points[i - window] : Double.NaN;
                if (runs[i] == 1) {
                    own = new WindowDistances(window, size);
                }
                own.advance(points, size, points[i], leaving);
                if (runs[i] >= window) {
                    double distance = own.nearest(runs, size, i - window / 2, i + window / 2 + 1);
                    if (!Double.isNaN(distance)) {
                        tails[w].learn(distance);
                    }
                }
            }
        }
    }

    @Override
    public Score update(long epochMillis, double value) {
        if (!Double.isFinite(value) || epochMillis <= last) {
            return new Score(epochMillis, value, 0, Double.NaN, Double.NaN, Double.NaN, Season.NONE, List.of());
        }
        double standard = bank.standardise(value);
        double expected = Double.NaN;
        double highest = 0;
        for (int w = 0; w < distances.length; w++) {
            int window = distances[w].window();
            double leaving = seen >= window ? recent[(int) ((seen - window) % recent.length)] : Double.NaN;
            distances[w].advance(points, size, standard, leaving);
            scores[w] = seen + 1 < window ? 0 : judge(w);
            highest = Math.max(highest, scores[w]);
            if (seen + 1 >= window && window <= 64) {
                expected = distances[w].endOfNearest(points);
            }
        }
        Score score = score(epochMillis, value, highest, expected);
        if (!Double.isNaN(expected)) {
            residual += (Math.abs(standard - expected) - residual) / 100;
        }
        remember(standard);
        last = epochMillis;
        return score;
    }

    @Override
    public long observations() {
        return bank.size() + seen;
    }

    private double judge(int w) {
        int hidden = growing ? size - distances[w].window() / 2 : size;
        double distance = distances[w].nearest(runs, size, hidden, size);
        if (Double.isNaN(distance)) {
            return 0;
        }
        double score = tails[w].score(distance);
        tails[w].learn(distance);
        return score;
    }

    private Score score(long epochMillis, double value, double highest, double expected) {
        List<Score.Part> parts = new ArrayList<>(scores.length);
        for (int w = 0; w < scores.length; w++) {
            parts.add(new Score.Part(NAME + "-" + distances[w].window(), scores[w]));
        }
        parts.sort(Comparator.comparingDouble(Score.Part::score).reversed());
        double band = BAND_DEVIATIONS * residual;
        return new Score(
                epochMillis,
                value,
                highest,
                bank.restore(expected),
                bank.restore(expected - band),
                bank.restore(expected + band),
                Season.NONE,
                parts);
    }

    private void remember(double standard) {
        recent[(int) (seen % recent.length)] = standard;
        seen++;
        if (!growing) {
            return;
        }
        if (size == points.length) {
            int oldest = size - limit;
            System.arraycopy(points, oldest, points, 0, limit);
            for (int i = 0; i < limit; i++) {
                runs[i] = Math.min(runs[i + oldest], i + 1);
            }
            for (WindowDistances each : distances) {
                each.drop(oldest, size);
            }
            size = limit;
        }
        points[size] = standard;
        runs[size] = size > 0 ? runs[size - 1] + 1 : 1;
        size++;
    }

    @Override
    public byte[] save() {
        return SealedBytes.seal(KIND, VERSION, out -> {
            bank.write(out);
            out.writeBoolean(growing);
            out.writeInt(limit);
            out.writeLong(seen);
            out.writeLong(last);
            out.writeDouble(residual);
            for (double value : recent) {
                out.writeDouble(value);
            }
            for (OnlineTail tail : tails) {
                tail.save(out);
            }
            if (growing) {
                out.writeInt(size);
                for (int i = 0; i < size; i++) {
                    out.writeDouble(points[i]);
                    out.writeInt(runs[i]);
                }
            }
        });
    }

    static NeighbourDetector restore(byte[] sealed) {
        return SealedBytes.open(sealed, KIND, VERSION, in -> {
            WindowBank bank = WindowBank.read(in);
            NeighbourDetector detector = new NeighbourDetector(bank, in.readBoolean(), in.readInt());
            detector.seen = in.readLong();
            detector.last = in.readLong();
            detector.residual = in.readDouble();
            for (int i = 0; i < detector.recent.length; i++) {
                detector.recent[i] = in.readDouble();
            }
            for (OnlineTail tail : detector.tails) {
                tail.load(in);
            }
            if (detector.growing) {
                detector.size = in.readInt();
                for (int i = 0; i < detector.size; i++) {
                    detector.points[i] = in.readDouble();
                    detector.runs[i] = in.readInt();
                }
            }
            detector.replay();
            return detector;
        });
    }

    /** Brings the distances, which are not saved, to where the saved samples left them. */
    private void replay() {
        int known = (int) Math.min(seen, recent.length);
        for (WindowDistances each : distances) {
            for (int back = Math.min(known, each.window()); back > 0; back--) {
                each.advance(points, size, recent[(int) ((seen - back) % recent.length)], Double.NaN);
            }
        }
    }
}
