package io.auspex.series;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The label set that names a series: names sorted and unique, empty values absent.
 *
 * <p>Immutable. Order and text follow Prometheus: names compare as strings, {@code __name__} is an
 * ordinary label.
 */
public final class Labels implements Comparable<Labels> {
    public static final String METRIC_NAME = "__name__";
    public static final Labels EMPTY = new Labels(new String[0]);

    /** name, value, name, value, ... sorted by name. */
    private final String[] pairs;

    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /** Labels from alternating names and values, in any order; a label with an empty value is left out. */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must alternate, got " + namesAndValues.length);
        }
        TreeMap<String, String> sorted = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            sorted.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return of(sorted);
    }

    public static Labels of(Map<String, String> labels) {
        TreeMap<String, String> sorted = new TreeMap<>(labels);
        sorted.values().removeIf(String::isEmpty);
        String[] pairs = new String[sorted.size() * 2];
        int i = 0;
        for (Map.Entry<String, String> label : sorted.entrySet()) {
            pairs[i++] = label.getKey();
            pairs[i++] = label.getValue();
        }
        return pairs.length == 0 ? EMPTY : new Labels(pairs);
    }

    /** Labels from pairs that are already sorted by name, unique and without empty values; owned by the result. */
    public static Labels ofSorted(String[] sortedPairs) {
        for (int i = 2; i < sortedPairs.length; i += 2) {
            if (sortedPairs[i - 2].compareTo(sortedPairs[i]) >= 0) {
                throw new IllegalArgumentException("label names must be sorted and unique, got " + sortedPairs[i - 2]
                        + " before " + sortedPairs[i]);
            }
        }
        return sortedPairs.length == 0 ? EMPTY : new Labels(sortedPairs);
    }

    /** As {@link #ofSorted}, of pairs that were a label set before. */
    static Labels ofIndexed(String[] sortedPairs) {
        return sortedPairs.length == 0 ? EMPTY : new Labels(sortedPairs);
    }

    public int size() {
        return pairs.length / 2;
    }

    public boolean isEmpty() {
        return pairs.length == 0;
    }

    public String name(int index) {
        return pairs[2 * index];
    }

    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The value of a label, empty when it is absent. */
    public String get(String name) {
        String value = find(name);
        return value == null ? "" : value;
    }

    public @Nullable String find(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /** The metric name, empty when there is none. */
    public String metric() {
        return get(METRIC_NAME);
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    /** These labels with one set, or removed when the value is empty. */
    public Labels with(String name, String value) {
        TreeMap<String, String> sorted = new TreeMap<>();
        forEach(sorted::put);
        sorted.put(name, value);
        return of(sorted);
    }

    /** The labels whose names pass. */
    public Labels filter(Predicate<String> name) {
        String[] kept = new String[pairs.length];
        int count = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (name.test(pairs[i])) {
                kept[count++] = pairs[i];
                kept[count++] = pairs[i + 1];
            }
        }
        return count == pairs.length ? this : ofIndexed(Arrays.copyOf(kept, count));
    }

    public Labels without(String name) {
        return find(name) == null ? this : filter(candidate -> !candidate.equals(name));
    }

    /** The labels named; {@code by} in PromQL. */
    public Labels keep(Collection<String> names) {
        return filter(names::contains);
    }

    /** The labels not named; {@code without} in PromQL, which also drops the metric name. */
    public Labels drop(Collection<String> names) {
        return filter(name -> !names.contains(name));
    }

    public Map<String, String> toMap() {
        TreeMap<String, String> sorted = new TreeMap<>();
        forEach(sorted::put);
        return sorted;
    }

    @Override
    public int compareTo(Labels other) {
        int shared = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < shared; i++) {
            int order = pairs[i].compareTo(other.pairs[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels that && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(pairs);
            hash = h;
        }
        return h;
    }

    /** As Prometheus prints a label set: {@code {__name__="up", job="api"}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(pairs[i]).append("=\"");
            String value = pairs[i + 1];
            for (int j = 0; j < value.length(); j++) {
                char c = value.charAt(j);
                switch (c) {
                    case '"' -> text.append("\\\"");
                    case '\\' -> text.append("\\\\");
                    case '\n' -> text.append("\\n");
                    default -> text.append(c);
                }
            }
            text.append('"');
        }
        return text.append('}').toString();
    }
}
