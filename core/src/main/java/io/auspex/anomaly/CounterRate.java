package io.auspex.anomaly;

import io.auspex.series.SampleColumn;

/**
 * The rate per second of a counter between neighbouring samples; a fall is a restart from zero.
 *
 * <p>Counters are judged on their rate, because their value only says how long the process runs.
 */
public final class CounterRate {
    private long lastMillis = Long.MIN_VALUE;
    private double last = Double.NaN;

    /** Whether a metric counts up, by the suffixes that Prometheus and OpenMetrics prescribe. */
    public static boolean isCounter(String metric) {
        return metric.endsWith("_total")
                || metric.endsWith("_count")
                || metric.endsWith("_sum")
                || metric.endsWith("_bucket");
    }

    /** The rate since the sample before; NaN for the first, for a value that is not finite, and for an old timestamp. */
    public double update(long epochMillis, double value) {
        if (!Double.isFinite(value) || epochMillis <= lastMillis) {
            return Double.NaN;
        }
        double increase = value < last ? value : value - last;
        double rate = increase / ((epochMillis - lastMillis) / 1000.0);
        double result = Double.isNaN(last) ? Double.NaN : rate;
        last = value;
        lastMillis = epochMillis;
        return result;
    }

    /** A column of rates from a column of counter values: one sample shorter, at the later timestamp of each pair. */
    public static SampleColumn of(SampleColumn counter) {
        CounterRate state = new CounterRate();
        SampleColumn rates = new SampleColumn(Math.max(1, counter.size()));
        for (int i = 0; i < counter.size(); i++) {
            double rate = state.update(counter.timestamp(i), counter.value(i));
            if (!Double.isNaN(rate)) {
                rates.append(counter.timestamp(i), rate);
            }
        }
        return rates;
    }
}
