package io.auspex.anomaly;

/** A calendar rhythm of a series, in UTC. */
public enum Season {
    NONE(0),
    DAILY(86_400_000L),
    WEEKLY(7 * 86_400_000L);

    private final long millis;

    Season(long millis) {
        this.millis = millis;
    }

    /** The length of one period; 0 for none. */
    public long millis() {
        return millis;
    }
}
