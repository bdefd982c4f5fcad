package io.auspex.forecast;

/** A way to continue a series. Stateless; thread-safe. */
public interface Forecaster {
    /** The name under which its weight is reported. */
    String name();

    /** The fewest values of history from which it can forecast. */
    int leastHistory();

    /** The values expected after a history of evenly spaced finite values, at least {@link #leastHistory()} of them. */
    double[] forecast(double[] history, int horizon);
}
