package io.auspex.series;

/** A name and how many series or values it stands for. */
public record NamedCount(String name, long value) {}
