package io.auspex.series;

/**
 * How many series a tenant may have; 0 leaves it to the node.
 *
 * @param active series with recent samples
 * @param perMetric series of one metric, those without recent samples included
 */
public record SeriesLimit(int active, int perMetric) {
    /** The node's own limits. */
    public static final SeriesLimit OF_NODE = new SeriesLimit(0, 0);
}
