package io.auspex.series;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Samples in memory, for tests: what is appended is read back, series in order of their labels. */
public final class MemorySampleReader implements SampleReader {
    private final TreeMap<Labels, TreeMap<Long, Object>> series = new TreeMap<>();

    public void clear() {
        series.clear();
    }

    public MemorySampleReader append(Labels labels, long epochMillis, double value) {
        samples(labels).put(epochMillis, value);
        return this;
    }

    public MemorySampleReader append(Labels labels, long epochMillis, NativeHistogram histogram) {
        samples(labels).put(epochMillis, histogram);
        return this;
    }

    private TreeMap<Long, Object> samples(Labels labels) {
        return series.computeIfAbsent(labels, unused -> new TreeMap<>());
    }

    @Override
    public SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis) {
        Iterator<Labels> matching = series(matchers, fromMillis, toMillis).iterator();
        SampleColumn column = new SampleColumn();
        return new SeriesCursor() {
            private Labels current = Labels.EMPTY;

            @Override
            public boolean next() {
                if (!matching.hasNext()) {
                    return false;
                }
                current = matching.next();
                column.clear();
                range(current, fromMillis, toMillis).forEach((time, sample) -> {
                    if (sample instanceof NativeHistogram histogram) {
                        column.append(time, histogram);
                    } else {
                        column.append(time, (Double) sample);
                    }
                });
                return true;
            }

            @Override
            public Labels labels() {
                return current;
            }

            @Override
            public SampleColumn samples() {
                return column;
            }

            @Override
            public void close() {}
        };
    }

    private Map<Long, Object> range(Labels labels, long fromMillis, long toMillis) {
        return fromMillis > toMillis ? Map.of() : series.get(labels).subMap(fromMillis, true, toMillis, true);
    }

    @Override
    public List<Labels> series(List<Matcher> matchers, long fromMillis, long toMillis) {
        List<Labels> found = new ArrayList<>();
        for (Labels labels : series.keySet()) {
            boolean matches = matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())));
            if (matches && !range(labels, fromMillis, toMillis).isEmpty()) {
                found.add(labels);
            }
        }
        return found;
    }

    @Override
    public SortedSet<String> labelNames(List<Matcher> matchers, long fromMillis, long toMillis) {
        SortedSet<String> names = new TreeSet<>();
        series(matchers, fromMillis, toMillis)
                .forEach(labels -> names.addAll(labels.toMap().keySet()));
        return names;
    }

    @Override
    public SortedSet<String> labelValues(String name, List<Matcher> matchers, long fromMillis, long toMillis) {
        SortedSet<String> values = new TreeSet<>();
        series(matchers, fromMillis, toMillis).forEach(labels -> values.add(labels.get(name)));
        values.remove("");
        return values;
    }
}
