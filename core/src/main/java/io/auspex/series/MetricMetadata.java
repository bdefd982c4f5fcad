package io.auspex.series;

/** What a sender says about a metric: its type ({@code counter}, {@code gauge}, ...), help text and unit. */
public record MetricMetadata(String metric, String type, String help, String unit) {}
