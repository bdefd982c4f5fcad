package io.auspex.ingest;

import io.auspex.series.Labels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A label set while rules change it. Walks its labels in the order of the reference, which decides when two of them are
 * renamed to one: those that nobody touched by name, then the others as they were set. Not thread-safe.
 */
public final class LabelsBuilder {
    private final Map<String, String> untouched = new TreeMap<>();
    private final Map<String, String> set = new LinkedHashMap<>();

    public LabelsBuilder(Labels from) {
        from.forEach(untouched::put);
    }

    /** The value of a label, empty when it is absent. */
    public String get(String name) {
        String value = set.get(name);
        return value != null ? value : untouched.getOrDefault(name, "");
    }

    /** Sets a label, or removes it when the value is empty. */
    public void set(String name, String value) {
        untouched.remove(name);
        if (value.isEmpty()) {
            set.remove(name);
        } else {
            set.put(name, value);
        }
    }

    public void remove(String name) {
        set(name, "");
    }

    /** Shows the labels as they are now; the action may change them meanwhile. */
    public void forEach(BiConsumer<String, String> action) {
        Map<String, String> now = new LinkedHashMap<>(untouched);
        now.putAll(set);
        now.forEach(action);
    }

    public Labels build() {
        Map<String, String> all = new TreeMap<>(untouched);
        all.putAll(set);
        return Labels.of(all);
    }
}
