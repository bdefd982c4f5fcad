package io.auspex.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How often and for how long a series that is constant has departed from its value.
 *
 * <p>The probability of a departure is {@code (departures + 1) / (samples + 2)}, Laplace's rule of succession; each
 * sample of a departure that lasts longer than every one before it counts as another, three at most.
 */
final class Departures {
    private static final int MOST_COUNTED = 3;

    private final double[] values = new double[12];
    private long samples;
    private long departures;
    private int run;
    private int longest;

    /** Takes in a sample: whether it departs, and its value. */
    void advance(boolean departs, double value) {
        samples++;
        if (!departs) {
            longest = Math.max(longest, run);
            run = 0;
            return;
        }
        if (run == 0) {
            departures++;
        }
        values[run % values.length] = value;
        run++;
    }

    /** Samples that the present departure has lasted. */
    int run() {
        return run;
    }

    /** Copies the values of a departure that has lasted as many samples as the array takes. */
    void copyRun(double[] into) {
        System.arraycopy(values, 0, into, 0, into.length);
    }

    /** Minus the decadic logarithm of the probability of a departure like the present one. */
    double score() {
        long before = run > 0 ? departures - 1 : departures;
        int times = run > longest ? Math.min(run, MOST_COUNTED) : 1;
        return Math.min(Score.MAX, times * Math.log10((samples + 1.0) / (before + 1.0)));
    }

    void save(DataOutputStream out) throws IOException {
        out.writeLong(samples);
        out.writeLong(departures);
        out.writeInt(run);
        out.writeInt(longest);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    void load(DataInputStream in) throws IOException {
        samples = in.readLong();
        departures = in.readLong();
        run = in.readInt();
        longest = in.readInt();
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
    }
}
