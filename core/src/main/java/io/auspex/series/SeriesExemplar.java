package io.auspex.series;

/** An exemplar on its way into the store, with the ref of its registered series. */
public record SeriesExemplar(int ref, Exemplar exemplar) {}
