package io.auspex.promql;

import java.util.List;

/**
 * How the elements of two instant vectors find each other.
 *
 * @param labels labels of the {@code on} or {@code ignoring} clause
 * @param on whether exactly {@code labels} are compared; otherwise all others are
 * @param include labels that {@code group_left} or {@code group_right} copies from the "one" side
 */
public record VectorMatching(Cardinality cardinality, List<String> labels, boolean on, List<String> include) {
    /** How many elements of the left side may meet how many of the right. */
    public enum Cardinality {
        ONE_TO_ONE("one-to-one"),
        /** {@code group_left}. */
        MANY_TO_ONE("many-to-one"),
        /** {@code group_right}. */
        ONE_TO_MANY("one-to-many"),
        /** Set operators. */
        MANY_TO_MANY("many-to-many");

        private final String wireName;

        Cardinality(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    public VectorMatching {
        labels = List.copyOf(labels);
        include = List.copyOf(include);
    }
}
