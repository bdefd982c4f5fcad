package io.auspex.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The distribution of a non-negative oddness, learned as it comes, asked for its upper tail.
 *
 * <p>A histogram over quarter octaves with fading weights. The tail probability is empirical up to the 90 %
 * quantile and falls as its {@link Shape} says beyond it, at the pace of the mean excess; oddness that was exceeded before is never
 * rated rarer than it was. State: 136 floats and three doubles, whatever the number of observations.
 */
final class OnlineTail {
    private static final int PER_OCTAVE = 4;
    private static final int LOWEST_EXPONENT = -8;
    private static final int BUCKETS = 34 * PER_OCTAVE;
    private static final double BODY = 0.9;
    /** Weight of the prior: enough that the first samples cannot look certain, gone after a few hundred. */
    private static final double PRIOR = 40;

    private static final long LEAST = 50;
    /** Limits of a believable power tail: one deviation is never odd, and no moment of metrics falls slower. */
    private static final double LEAST_POWER_QUANTILE = 0.5;

    private static final double SLOWEST_POWER = 0.8;
    private static final double RENORMALISE_AT = 1e6;
    private static final double[] EDGES = edges();

    /** The shape of the tail beyond what was seen. */
    enum Shape {
        /** Falls by a factor for each step: distances between windows. */
        EXPONENTIAL,
        /** Falls by a power, after Hill (1975): residuals of metrics, where ten times the usual is not unheard of. */
        POWER
    }

    private final Shape shape;
    private final double growth;
    private final double[] counts = new double[BUCKETS];
    private double unit = 1;
    private double total;
    private long observations;

    private boolean stale = true;
    private double quantile;
    private double meanExcess;

    /**
     * A tail that forgets: an observation counts half after {@code halfLife} more.
     *
     * <p>A power tail is of residuals in deviations, and starts with a prior of such; an exponential one starts from
     * nothing and keeps silent until it knows enough.
     */
    OnlineTail(Shape shape, double halfLife) {
        this.shape = shape;
        this.growth = Math.pow(2, 1 / halfLife);
        if (shape == Shape.EXPONENTIAL) {
            return;
        }
        // Laplace in units of its deviation: heavier than Gaussian, as residuals of metrics are.
        for (int b = 0; b < BUCKETS; b++) {
            counts[b] = PRIOR * (Math.exp(-Math.sqrt(2) * lowerEdge(b)) - Math.exp(-Math.sqrt(2) * lowerEdge(b + 1)));
            total += counts[b];
        }
    }

    long observations() {
        return observations;
    }

    void learn(double oddness) {
        int bucket = bucket(oddness);
        unit *= growth;
        counts[bucket] += unit;
        total += unit;
        observations++;
        stale = true;
        if (unit > RENORMALISE_AT) {
            for (int b = 0; b < BUCKETS; b++) {
                counts[b] /= unit;
            }
            total /= unit;
            unit = 1;
        }
    }

    /** Minus the decadic logarithm of the probability of at least this oddness, between 0 and {@link Score#MAX}. */
    double score(double oddness) {
        if (shape == Shape.EXPONENTIAL && observations < LEAST) {
            return 0;
        }
        refresh();
        if (!(oddness > quantile)) {
            return Math.min(-Math.log10(1 - BODY), -Math.log10(Math.max(survival(oddness), 1 - BODY)));
        }
        double logTail = Math.log10(1 - BODY) - excess(oddness, quantile) / meanExcess * Math.log10(Math.E);
        double seen = seenAbout(oddness);
        double p = Math.max(logTail, seen > 0 ? Math.log10(seen) : Double.NEGATIVE_INFINITY);
        p = Math.min(p, Math.log10(1 - BODY));
        return Math.min(Score.MAX, -p);
    }

    /** The oddness that a share of the observations reached, between the edges of the histogram. */
    double quantile(double share) {
        double above = 0;
        for (int b = BUCKETS - 1; b >= 0; b--) {
            if (counts[b] > 0 && above + counts[b] >= (1 - share) * total) {
                double part = (above + counts[b] - (1 - share) * total) / counts[b];
                return lowerEdge(b) + part * (upperEdge(b) - lowerEdge(b));
            }
            above += counts[b];
        }
        return 0;
    }

    private double excess(double oddness, double over) {
        return shape == Shape.EXPONENTIAL ? oddness - over : Math.log(oddness / over);
    }

    private void refresh() {
        if (!stale) {
            return;
        }
        double above = 0;
        int b = BUCKETS;
        double target = (1 - BODY) * total;
        while (b > 0 && above < target) {
            b--;
            above += counts[b];
        }
        double share = counts[b] > 0 ? (above - target) / counts[b] : 0;
        quantile = lowerEdge(b) + share * (lowerEdge(b + 1) - lowerEdge(b));
        if (shape == Shape.POWER) {
            quantile = Math.max(quantile, LEAST_POWER_QUANTILE);
        }
        // The part of the lowest bucket below the quantile does not belong to the tail.
        double mass = (1 - share) * counts[b] * Math.max(0, excess((quantile + upperEdge(b)) / 2, quantile));
        for (int higher = b + 1; higher < BUCKETS; higher++) {
            mass += counts[higher] * Math.max(0, excess(middle(higher), quantile));
        }
        meanExcess = shape == Shape.EXPONENTIAL
                ? Math.max(mass / target, 0.05 * quantile + 1e-9)
                : Math.max(0.1, Math.min(SLOWEST_POWER, mass / target));
        stale = false;
    }

    /** The share of observations as odd or odder, where half of those within the same quarter octave count at least. */
    private double seenAbout(double oddness) {
        int bucket = bucket(oddness);
        return Math.max(survival(oddness), survival(upperEdge(bucket)) + counts[bucket] / 2 / total);
    }

    private double survival(double oddness) {
        int from = bucket(oddness);
        double above = 0;
        for (int b = BUCKETS - 1; b > from; b--) {
            above += counts[b];
        }
        double low = lowerEdge(from);
        double share = (lowerEdge(from + 1) - oddness) / (lowerEdge(from + 1) - low);
        return Math.min(1, (above + counts[from] * Math.max(0, Math.min(1, share))) / total);
    }

    private static int bucket(double oddness) {
        if (!(oddness > 0)) {
            return 0;
        }
        int bucket = (int) Math.floor((Math.log(oddness) / Math.log(2) - LOWEST_EXPONENT) * PER_OCTAVE);
        return Math.max(0, Math.min(BUCKETS - 1, bucket));
    }

    private static double lowerEdge(int bucket) {
        return EDGES[bucket];
    }

    private static double[] edges() {
        double[] edges = new double[BUCKETS + 1];
        for (int b = 1; b <= BUCKETS; b++) {
            edges[b] = Math.pow(2, LOWEST_EXPONENT + (double) b / PER_OCTAVE);
        }
        return edges;
    }

    private static double upperEdge(int bucket) {
        return lowerEdge(bucket + 1);
    }

    private static double middle(int bucket) {
        return (lowerEdge(bucket) + lowerEdge(bucket + 1)) / 2;
    }

    void save(DataOutputStream out) throws IOException {
        out.writeDouble(unit);
        out.writeDouble(total);
        out.writeLong(observations);
        for (double count : counts) {
            out.writeDouble(count);
        }
    }

    void load(DataInputStream in) throws IOException {
        unit = in.readDouble();
        total = in.readDouble();
        observations = in.readLong();
        for (int b = 0; b < BUCKETS; b++) {
            counts[b] = in.readDouble();
        }
        stale = true;
    }
}
