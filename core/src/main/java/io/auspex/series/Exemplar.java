package io.auspex.series;

/** A sample's pointer to something outside, mostly a trace: own labels, a value, Unix milliseconds. */
public record Exemplar(Labels labels, double value, long epochMillis) {}
