package io.auspex.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * The coarse past of a series and the rhythm found in it.
 *
 * <p>Keeps the mean of each of the last {@value #BINS} bins (a quarter of an hour, or the sampling interval when
 * that is longer) and expects of a moment the median of the same moment in earlier periods. Daily, weekly or no
 * season is chosen at each bin by which would have expected the past bins best. State: {@value #BINS} floats.
 */
final class SeasonalProfile {
    static final int BINS = 1344;
    private static final long QUARTER_HOUR = 900_000L;
    private static final int DAYS = 14;
    /** A season must beat the plain level by this factor before it is believed. */
    private static final double ADVANTAGE = 0.75;

    private final long binMillis;
    private final float[] means = new float[BINS];
    private long currentBin = Long.MIN_VALUE;
    private double sum;
    private int count;
    private final double[] errors = new double[Season.values().length];
    private final int[] judged = new int[Season.values().length];
    private Season season = Season.NONE;

    /** The seasonal expectation of the bins before, at and after the current one; NaN where unknown. */
    private final double[] around = {Double.NaN, Double.NaN, Double.NaN};

    SeasonalProfile(long intervalMillis) {
        binMillis = Math.max(QUARTER_HOUR, intervalMillis);
        Arrays.fill(means, Float.NaN);
    }

    Season season() {
        return season;
    }

    /** What the season expects of a moment, NaN when there is none; exact between the middles of bins by interpolation. */
    double expect(long epochMillis) {
        if (season == Season.NONE || Math.floorDiv(epochMillis, binMillis) != currentBin) {
            return Double.NaN;
        }
        double position = (double) Math.floorMod(epochMillis, binMillis) / binMillis - 0.5;
        double here = around[1];
        double there = position < 0 ? around[0] : around[2];
        return Double.isNaN(there) ? here : here + Math.abs(position) * (there - here);
    }

    /** Moves to the bin of a moment; done before a sample is judged. */
    void advance(long epochMillis) {
        long bin = Math.floorDiv(epochMillis, binMillis);
        if (bin == currentBin) {
            return;
        }
        if (currentBin != Long.MIN_VALUE) {
            close(bin);
        }
        currentBin = bin;
        for (int i = 0; i < 3; i++) {
            around[i] = seasonal(season, bin - 1 + i);
        }
        if (Double.isNaN(around[1])) {
            around[1] = Double.isNaN(around[0]) ? around[2] : around[0];
        }
    }

    void learn(double value) {
        sum += value;
        count++;
    }

    private void close(long nextBin) {
        double mean = sum / count;
        if (count > 0) {
            for (Season candidate : Season.values()) {
                judge(candidate, mean);
            }
            choose();
        }
        means[slot(currentBin)] = count > 0 ? (float) mean : Float.NaN;
        // Bins that were skipped are unknown, not what stood in their slots a ring ago.
        for (long b = Math.max(currentBin + 1, nextBin - BINS + 1); b <= nextBin; b++) {
            means[slot(b)] = Float.NaN;
        }
        sum = 0;
        count = 0;
    }

    private void judge(Season candidate, double mean) {
        double expected = candidate == Season.NONE ? recent() : seasonal(candidate, currentBin);
        if (Double.isNaN(expected)) {
            return;
        }
        int c = candidate.ordinal();
        int enough = (int) Math.min(BINS / 4, Math.max(8, Season.DAILY.millis() / binMillis));
        judged[c]++;
        double weight = Math.max(1.0 / judged[c], 1.0 / enough);
        errors[c] += weight * (Math.abs(mean - expected) - errors[c]);
    }

    private void choose() {
        int day = (int) Math.max(8, Season.DAILY.millis() / binMillis);
        Season best = Season.NONE;
        double bestError = errors[0] * ADVANTAGE;
        for (Season candidate : new Season[] {Season.DAILY, Season.WEEKLY}) {
            int c = candidate.ordinal();
            if (judged[c] >= day && errors[c] < bestError) {
                best = candidate;
                bestError = errors[c] * (candidate == Season.DAILY ? 0.9 : 1);
            }
        }
        season = best;
    }

    private double recent() {
        int day = (int) Math.max(8, Math.min(BINS / 4, Season.DAILY.millis() / binMillis));
        double[] window = new double[day];
        int n = 0;
        for (long b = currentBin - day; b < currentBin; b++) {
            float mean = means[slot(b)];
            if (!Float.isNaN(mean)) {
                window[n++] = mean;
            }
        }
        return Robust.median(window, n);
    }

    private double seasonal(Season candidate, long bin) {
        long period = candidate.millis() / binMillis;
        if (period < 2 || candidate.millis() % binMillis != 0) {
            return Double.NaN;
        }
        double[] past = new double[DAYS];
        int n = 0;
        for (long back = period; back < BINS && n < DAYS; back += period) {
            float mean = means[slot(bin - back)];
            if (!Float.isNaN(mean) && bin - back < currentBin) {
                past[n++] = mean;
            }
        }
        return Robust.median(past, n);
    }

    private static int slot(long bin) {
        return (int) Math.floorMod(bin, (long) BINS);
    }

    long binMillis() {
        return binMillis;
    }

    void save(DataOutputStream out) throws IOException {
        out.writeLong(currentBin);
        out.writeDouble(sum);
        out.writeInt(count);
        out.writeByte(season.ordinal());
        for (int c = 0; c < errors.length; c++) {
            out.writeDouble(errors[c]);
            out.writeInt(judged[c]);
        }
        for (double value : around) {
            out.writeDouble(value);
        }
        for (float mean : means) {
            out.writeFloat(mean);
        }
    }

    void load(DataInputStream in) throws IOException {
        currentBin = in.readLong();
        sum = in.readDouble();
        count = in.readInt();
        season = Season.values()[in.readByte()];
        for (int c = 0; c < errors.length; c++) {
            errors[c] = in.readDouble();
            judged[c] = in.readInt();
        }
        for (int i = 0; i < around.length; i++) {
            around[i] = in.readDouble();
        }
        for (int b = 0; b < BINS; b++) {
            means[b] = in.readFloat();
        }
    }
}
