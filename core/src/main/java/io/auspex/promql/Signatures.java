package io.auspex.promql;

import io.auspex.series.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Numbers for the label sets by which series are put together; series with equal ones get the same number. */
final class Signatures {
    private final UnaryOperator<Labels> key;
    private final Map<Labels, Integer> numbers = new HashMap<>();

    private Signatures(UnaryOperator<Labels> key) {
        this.key = key;
    }

    /** By exactly the labels named, or by all others but the metric name. */
    static Signatures matching(VectorMatching matching) {
        Set<String> names = new HashSet<>(matching.labels());
        if (matching.on()) {
            return new Signatures(labels -> labels.keep(names));
        }
        names.add(Labels.METRIC_NAME);
        return new Signatures(labels -> labels.drop(names));
    }

    static Signatures grouping(List<String> grouping, boolean without) {
        Set<String> names = new HashSet<>(grouping);
        if (without) {
            names.add(Labels.METRIC_NAME);
            return new Signatures(labels -> labels.drop(names));
        }
        return new Signatures(names.isEmpty() ? labels -> Labels.EMPTY : labels -> labels.keep(names));
    }

    Labels key(Labels labels) {
        return key.apply(labels);
    }

    int number(SeriesColumn column) {
        return numbers.computeIfAbsent(key.apply(column.labels()), unused -> numbers.size());
    }

    /** The number of a series' signature, if there is one yet; -1 otherwise. */
    int find(SeriesColumn column) {
        return numbers.getOrDefault(key.apply(column.labels()), -1);
    }

    int[] numbers(List<SeriesColumn> columns) {
        int[] result = new int[columns.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = number(columns.get(i));
        }
        return result;
    }

    int size() {
        return numbers.size();
    }
}
