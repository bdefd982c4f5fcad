package io.auspex.promql.rest;

import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.NativeHistogram;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleReader;
import io.auspex.series.SeriesCursor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** A few series in memory. */
final class FakeReader implements SampleReader {
    private final Map<Labels, SampleColumn> series = new LinkedHashMap<>();

    FakeReader with(Labels labels, long epochMillis, double value) {
        series.computeIfAbsent(labels, key -> new SampleColumn()).append(epochMillis, value);
        return this;
    }

    FakeReader with(Labels labels, long epochMillis, NativeHistogram histogram) {
        series.computeIfAbsent(labels, key -> new SampleColumn()).append(epochMillis, histogram);
        return this;
    }

    @Override
    public SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis) {
        Iterator<Labels> found = series(matchers, fromMillis, toMillis).iterator();
        return new SeriesCursor() {
            private Labels labels = Labels.EMPTY;
            private SampleColumn samples = new SampleColumn();

            @Override
            public boolean next() {
                if (!found.hasNext()) {
                    return false;
                }
                labels = found.next();
                samples = within(series.get(labels), fromMillis, toMillis);
                return true;
            }

            @Override
            public Labels labels() {
                return labels;
            }

            @Override
            public SampleColumn samples() {
                return samples;
            }

            @Override
            public void close() {}
        };
    }

    private static SampleColumn within(SampleColumn all, long fromMillis, long toMillis) {
        SampleColumn some = new SampleColumn();
        for (int i = all.indexFrom(fromMillis); i < all.size() && all.timestamp(i) <= toMillis; i++) {
            NativeHistogram histogram = all.histogram(i);
            if (histogram == null) {
                some.append(all.timestamp(i), all.value(i));
            } else {
                some.append(all.timestamp(i), histogram);
            }
        }
        return some;
    }

    @Override
    public List<Labels> series(List<Matcher> matchers, long fromMillis, long toMillis) {
        List<Labels> found = new ArrayList<>();
        series.forEach((labels, samples) -> {
            boolean matches = matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name())));
            if (matches && within(samples, fromMillis, toMillis).size() > 0) {
                found.add(labels);
            }
        });
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
