package io.auspex.promql;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An aggregation over the series of an instant vector. */
public enum AggregateOp {
    SUM,
    AVG,
    COUNT,
    MIN,
    MAX,
    GROUP,
    STDDEV,
    STDVAR,
    TOPK,
    BOTTOMK,
    COUNT_VALUES,
    QUANTILE,
    LIMITK,
    LIMIT_RATIO;

    /** The keyword, lower case. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a parameter stands before the vector. */
    public boolean takesParameter() {
        return switch (this) {
            case TOPK, BOTTOMK, COUNT_VALUES, QUANTILE, LIMITK, LIMIT_RATIO -> true;
            case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR -> false;
        };
    }

    /** Whether the language version calls it experimental. */
    public boolean experimental() {
        return this == LIMITK || this == LIMIT_RATIO;
    }

    static Optional<AggregateOp> find(String keyword) {
        return Arrays.stream(values())
                .filter(op -> op.keyword().equals(keyword))
                .findFirst();
    }
}
