package io.auspex.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a series looked like: a bounded sample of its history, against whose windows new windows are compared.
 *
 * <p>The learned model of {@link NeighbourDetector}. History longer than the limit is kept as evenly spaced
 * chunks; values are in units of the series' robust deviation around its median. Immutable.
 */
public final class WindowBank {
    /** Points kept by default: windows of every length start at most of them. */
    public static final int DEFAULT_POINTS = 3000;

    static final char KIND = 'W';
    static final int VERSION = 1;
    private static final int SHORT_WINDOW = 16;
    private static final int LONG_WINDOW = 64;
    private static final int LONGEST_PERIOD = 300;
    private static final int CHUNK_PERIODS = 4;
    private static final double LEAST_CORRELATION = 0.1;

    private final double median;
    private final double deviation;
    private final int[] windows;
    private final float[] points;
    /** For each point how many points of its chunk end with it; a window fits where this is its length or more. */
    private final int[] runs;

    private WindowBank(double median, double deviation, int[] windows, float[] points, int[] runs) {
        this.median = median;
        this.deviation = deviation;
        this.windows = windows;
        this.points = points;
        this.runs = runs;
    }

    /**
     * The bank of a history in order of time.
     *
     * @param limit points to keep, at least 512
     */
    public static WindowBank train(double[] history, int limit) {
        double[] finite = Arrays.stream(history).filter(Double::isFinite).toArray();
        if (finite.length < LONG_WINDOW * 2) {
            throw new IllegalArgumentException(
                    "a window bank needs " + LONG_WINDOW * 2 + " finite values, got " + finite.length);
        }
        if (limit < 512) {
            throw new IllegalArgumentException("limit must be at least 512 points, got " + limit);
        }
        int n = finite.length;
        double median = Robust.median(finite.clone(), n);
        double deviation = deviation(finite, median);
        int period = Periodicity.find(finite, Math.max(0, n - 20_000), n, LONGEST_PERIOD, LEAST_CORRELATION);
        int[] windows = period > LONG_WINDOW / 3 && Math.abs(period - LONG_WINDOW) > 8
                ? new int[] {SHORT_WINDOW, LONG_WINDOW, period}
                : new int[] {SHORT_WINDOW, LONG_WINDOW};
        int chunk = Math.max(CHUNK_PERIODS * LONG_WINDOW, CHUNK_PERIODS * period);
        return n <= limit || limit < 2 * chunk
                ? whole(Arrays.copyOfRange(finite, Math.max(0, n - limit), n), median, deviation, windows)
                : sampled(finite, median, deviation, windows, limit / chunk, chunk);
    }

    /** The deviation of a typical day, not of the quiet hours: a flat series with bursts has a MAD of nearly nothing. */
    private static double deviation(double[] values, double median) {
        double mad = Robust.deviation(values, values.length, median);
        double[] sorted = values.clone();
        double spread =
                (Robust.quantile(sorted, sorted.length, 0.95) - Robust.quantile(sorted, sorted.length, 0.05)) / 3.29;
        return Math.max(Math.max(mad, spread), Robust.floor(median));
    }

    private static WindowBank whole(double[] kept, double median, double deviation, int[] windows) {
        float[] points = new float[kept.length];
        int[] runs = new int[kept.length];
        for (int i = 0; i < kept.length; i++) {
            points[i] = (float) ((kept[i] - median) / deviation);
            runs[i] = i + 1;
        }
        return new WindowBank(median, deviation, windows, points, runs);
    }

    private static WindowBank sampled(
            double[] history, double median, double deviation, int[] windows, int chunks, int chunk) {
        float[] points = new float[chunks * chunk];
        int[] runs = new int[points.length];
        double stride = (double) (history.length - chunk) / (chunks - 1);
        for (int c = 0; c < chunks; c++) {
            int start = (int) Math.round(c * stride);
            for (int i = 0; i < chunk; i++) {
                points[c * chunk + i] = (float) ((history[start + i] - median) / deviation);
                runs[c * chunk + i] = i + 1;
            }
        }
        return new WindowBank(median, deviation, windows, points, runs);
    }

    double standardise(double value) {
        return (value - median) / deviation;
    }

    double restore(double standardised) {
        return median + standardised * deviation;
    }

    double median() {
        return median;
    }

    double deviation() {
        return deviation;
    }

    /** The lengths of windows that are compared, in samples. */
    public int[] windows() {
        return windows.clone();
    }

    /** How many points of history are kept. */
    public int size() {
        return points.length;
    }

    float[] points() {
        return points;
    }

    int[] runs() {
        return runs;
    }

    /** The bank as versioned bytes with a checksum. */
    public byte[] save() {
        return SealedBytes.seal(KIND, VERSION, this::write);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeDouble(median);
        out.writeDouble(deviation);
        out.writeInt(windows.length);
        for (int window : windows) {
            out.writeInt(window);
        }
        out.writeInt(points.length);
        for (int i = 0; i < points.length; i++) {
            out.writeFloat(points[i]);
            out.writeInt(runs[i]);
        }
    }

    /** The bank that {@link #save} wrote; refuses damaged bytes. */
    public static WindowBank restore(byte[] sealed) {
        return SealedBytes.open(sealed, KIND, VERSION, WindowBank::read);
    }

    static WindowBank read(DataInputStream in) throws IOException {
        double median = in.readDouble();
        double deviation = in.readDouble();
        int[] windows = new int[in.readInt()];
        for (int w = 0; w < windows.length; w++) {
            windows[w] = in.readInt();
        }
        int n = in.readInt();
        float[] points = new float[n];
        int[] runs = new int[n];
        for (int i = 0; i < n; i++) {
            points[i] = in.readFloat();
            runs[i] = in.readInt();
        }
        return new WindowBank(median, deviation, windows, points, runs);
    }
}
