package io.auspex.anomaly;

/**
 * The squared distances between the latest window of a stream and every window of a bank, kept up to date at a
 * constant cost for each bank point, whatever the window's length.
 *
 * <p>Moving both windows one step changes the distance by the pair that enters and the pair that leaves:
 * {@code d[j] = d[j-1] + (x - b[j])^2 - (xOld - b[j-w])^2}.
 */
final class WindowDistances {
    /** Neighbours that are asked for: the third nearest is not moved by one odd stretch of history. */
    static final int NEIGHBOURS = 3;

    private final int window;
    private double[] distances;
    private double[] spare;
    private final double[] nearest = new double[NEIGHBOURS];
    private final int[] nearestAt = new int[NEIGHBOURS];

    WindowDistances(int window, int capacity) {
        this.window = window;
        distances = new double[capacity];
        spare = new double[capacity];
    }

    int window() {
        return window;
    }

    /**
     * Takes in one value of the stream.
     *
     * @param bank the points of history, valid up to {@code n}
     * @param leaving the value of the stream one window ago, NaN while the stream is shorter
     */
    void advance(double[] bank, int n, double value, double leaving) {
        if (distances.length < bank.length) {
            distances = java.util.Arrays.copyOf(distances, bank.length);
            spare = new double[bank.length];
        }
        double[] from = distances;
        double[] to = spare;
        int w = window;
        int edge = Math.min(w, n);
        double first = value - bank[0];
        to[0] = first * first;
        if (Double.isNaN(leaving)) {
            for (int j = 1; j < n; j++) {
                double enters = value - bank[j];
                to[j] = from[j - 1] + enters * enters;
            }
        } else {
            for (int j = 1; j < edge; j++) {
                double enters = value - bank[j];
                to[j] = from[j - 1] + enters * enters;
            }
            for (int j = edge; j < n; j++) {
                double enters = value - bank[j];
                double leaves = leaving - bank[j - w];
                to[j] = from[j - 1] + (enters * enters - leaves * leaves);
            }
        }
        spare = from;
        distances = to;
    }

    /** Follows a bank that lost its oldest points. */
    void drop(int oldest, int n) {
        System.arraycopy(distances, oldest, distances, 0, n - oldest);
    }

    /**
     * The root mean squared distance to the third nearest stretch of the bank, NaN when there are fewer.
     *
     * <p>Windows that overlap each other by more than half are one stretch.
     *
     * @param runs where windows fit, as in {@link WindowBank}
     * @param hideFrom first index of bank windows that count as the stream itself
     * @param hideTo end, exclusive, of those
     */
    double nearest(int[] runs, int n, int hideFrom, int hideTo) {
        java.util.Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        int block = window / 2;
        for (int start = 0; start < n; start += block) {
            int end = Math.min(start + block, n);
            double least = Double.POSITIVE_INFINITY;
            int at = -1;
            for (int j = start; j < end; j++) {
                if (distances[j] < least && runs[j] >= window && (j < hideFrom || j >= hideTo)) {
                    least = distances[j];
                    at = j;
                }
            }
            if (least < nearest[NEIGHBOURS - 1]) {
                insert(least, at);
            }
        }
        double third = nearest[NEIGHBOURS - 1];
        return Double.isInfinite(third) ? Double.NaN : Math.sqrt(Math.max(0, third) / window);
    }

    private void insert(double distance, int at) {
        int place = NEIGHBOURS - 1;
        while (place > 0 && nearest[place - 1] > distance) {
            nearest[place] = nearest[place - 1];
            nearestAt[place] = nearestAt[place - 1];
            place--;
        }
        nearest[place] = distance;
        nearestAt[place] = at;
    }

    /** The mean of the points with which the stretches found last end. */
    double endOfNearest(double[] bank) {
        double sum = 0;
        for (int at : nearestAt) {
            sum += bank[at];
        }
        return sum / NEIGHBOURS;
    }
}
