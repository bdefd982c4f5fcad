package io.auspex.ingest;

/** A line of text that was refused: its number, counted from 1, and what is wrong with it. */
public record LineError(int line, String message) {}
