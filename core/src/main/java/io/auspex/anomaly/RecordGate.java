package io.auspex.anomaly;

/**
 * Lets a score pass when it is the highest for a while, and then keeps silent for a while: one alarm for one event.
 *
 * <p>Not thread-safe; state is one double for each sample of the look-back.
 */
public final class RecordGate {
    private final double[] past;
    private final int silence;
    private long seen;
    private long silentUntil = -1;

    /**
     * @param lookBack samples among which a score must be the highest to pass
     * @param silence samples after a pass during which nothing passes that is not higher than what passed
     */
    public RecordGate(int lookBack, int silence) {
        this.past = new double[Math.max(1, lookBack)];
        this.silence = silence;
    }

    /** The score when it passes, else 0. */
    public double pass(double score) {
        boolean record = score > 0;
        for (int i = 0; i < past.length && record; i++) {
            record = past[i] < score;
        }
        past[(int) (seen % past.length)] = score;
        boolean silent = seen < silentUntil;
        if (record && !silent) {
            silentUntil = seen + silence;
        }
        seen++;
        return record && !silent ? score : 0;
    }
}
