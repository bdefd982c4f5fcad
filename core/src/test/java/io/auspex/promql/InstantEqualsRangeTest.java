package io.auspex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.histogram.Histograms;
import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import io.auspex.series.NativeHistogram;
import io.auspex.support.Seeded;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A range query is nothing but an instant query at each of its steps, to the last bit. */
final class InstantEqualsRangeTest {
    private static final QueryOptions LIMITED = QueryOptions.STANDARD.with(QueryLimits.NONE);

    private final Engine engine = new Engine();

    @Test
    void instantAtAStep_equalsTheRangeQuerysStep() {
        Seeded.forAll(random -> check(random, new Dialect(true, true, false, Functions.STANDARD)));
    }

    @Test
    void instantAtAStep_equalsTheRangeQuerysStep_whenNamesAreRemovedLate() {
        Seeded.forAll(random -> check(random, Dialect.EXTENDED));
    }

    private void check(RandomGenerator random, Dialect dialect) {
        MemorySampleReader samples = RandomQueries.samples(random);
        for (int i = 0; i < 2; i++) {
            String query = RandomQueries.query(random, random.nextInt(1, 4));
            Steps steps = new Steps(
                    random.nextInt(4) * RandomQueries.MINUTE + random.nextInt(1000),
                    random.nextBoolean() ? 30_000 : 97_000,
                    random.nextInt(2, 66));
            compare(query, samples, steps, LIMITED.with(dialect));
        }
    }

    private void compare(String query, MemorySampleReader samples, Steps steps, QueryOptions options) {
        Expr expr = Parser.parse(query, options.dialect());
        Result range;
        try {
            range = engine.range(query, expr, samples, steps, options);
        } catch (QueryException e) {
            assertThat(failsSomewhere(query, expr, samples, steps, options))
                    .as(query + " fails over a range only: " + e.detail())
                    .isTrue();
            return;
        }
        for (int step = 0; step < steps.count(); step++) {
            boolean ordered = query.matches(".*(topk|bottomk|sort).*");
            Result instant = engine.instant(query, expr, samples, steps.time(step), options);
            Map<Labels, Object> expected = at(instant, 0, ordered);
            Map<Labels, Object> got = at(range, step, ordered);
            assertThat(new TreeMap<>(got)).as(query + " at " + steps.time(step)).isEqualTo(new TreeMap<>(expected));
        }
    }

    private boolean failsSomewhere(
            String query, Expr expr, MemorySampleReader samples, Steps steps, QueryOptions options) {
        for (int step = 0; step < steps.count(); step++) {
            try {
                engine.instant(query, expr, samples, steps.time(step), options);
            } catch (QueryException e) {
                return true;
            }
        }
        return false;
    }

    /**
     * The points of a step; histograms in a form that compares content alone. Where the order of series depends
     * on the form of the query, so do the last bits of sums over them.
     */
    private static Map<Labels, Object> at(Result result, int slot, boolean ordered) {
        Map<Labels, Object> points = new HashMap<>();
        for (SeriesColumn column : result.series()) {
            if (column.isPresent(slot)) {
                NativeHistogram histogram = column.histogram(slot);
                points.put(
                        column.labels(),
                        histogram == null ? (Object) value(column.value(slot), ordered) : new Content(histogram));
            }
        }
        return points;
    }

    private static double value(double value, boolean rounded) {
        return rounded ? (float) value : value;
    }

    private record Content(NativeHistogram histogram) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Content that && Histograms.sameContent(histogram, that.histogram);
        }

        @Override
        public int hashCode() {
            return Double.hashCode(histogram.count());
        }
    }
}
