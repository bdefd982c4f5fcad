package io.auspex.promql.control;

import java.util.Locale;

/** Kinds of queries, by which they are counted and logged. */
public enum QueryKind {
    INSTANT,
    RANGE,
    SERIES,
    EXEMPLARS,
    READ;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The kind of a query of the language. */
    public static QueryKind of(boolean range) {
        return range ? RANGE : INSTANT;
    }

    public String label() {
        return label;
    }
}
