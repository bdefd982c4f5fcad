package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleReader;
import io.auspex.series.SeriesCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Queries of dashboards over samples that are decoded already: what the evaluator itself costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EngineBench {
    private static final long SECOND = 1000;
    private static final long HOUR = 3600 * SECOND;
    private static final long SCRAPE = 15 * SECOND;

    private final Engine engine = new Engine();
    private final Columns samples = new Columns();

    /** Series held as columns, of which the range asked for is copied. */
    private static final class Columns implements SampleReader {
        private final List<Labels> labels = new ArrayList<>();
        private final List<SampleColumn> columns = new ArrayList<>();

        void add(Labels series, SampleColumn column) {
            labels.add(series);
            columns.add(column);
        }

        @Override
        public SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis) {
            return new SeriesCursor() {
                private final SampleColumn slice = new SampleColumn();
                private int index = -1;

                @Override
                public boolean next() {
                    while (++index < labels.size()) {
                        if (matches(labels.get(index), matchers)) {
                            return true;
                        }
                    }
                    return false;
                }

                @Override
                public Labels labels() {
                    return labels.get(index);
                }

                @Override
                public SampleColumn samples() {
                    SampleColumn whole = columns.get(index);
                    int from = whole.indexFrom(fromMillis);
                    int count = whole.indexFrom(toMillis + 1) - from;
                    slice.clear();
                    slice.resize(count);
                    System.arraycopy(whole.timestamps(), from, slice.timestamps(), 0, count);
                    System.arraycopy(whole.values(), from, slice.values(), 0, count);
                    return slice;
                }

                @Override
                public void close() {}
            };
        }

        private static boolean matches(Labels series, List<Matcher> matchers) {
            for (Matcher matcher : matchers) {
                if (!matcher.matches(series.get(matcher.name()))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public List<Labels> series(List<Matcher> matchers, long fromMillis, long toMillis) {
            return labels;
        }

        @Override
        public SortedSet<String> labelNames(List<Matcher> matchers, long fromMillis, long toMillis) {
            return new TreeSet<>();
        }

        @Override
        public SortedSet<String> labelValues(String name, List<Matcher> matchers, long fromMillis, long toMillis) {
            return new TreeSet<>();
        }
    }

    /** Six hours, a sample each 15 s: 1000 counters and 100 classic histograms of 12 buckets. */
    @Setup
    public void fill() {
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 1000; i++) {
            String group = i < 100 ? "small" : "large";
            samples.add(
                    Labels.of("__name__", "requests_total", "set", group, "pod", "p" + i, "job", "j" + i % 10),
                    counter(random, 10));
        }
        for (int i = 0; i < 100; i++) {
            for (int bucket = 0; bucket < 12; bucket++) {
                String le = bucket == 11 ? "+Inf" : String.valueOf(0.005 * (1 << bucket));
                samples.add(
                        Labels.of("__name__", "latency_bucket", "pod", "p" + i, "le", le), counter(random, 1 + bucket));
            }
        }
    }

    private static SampleColumn counter(java.util.Random random, int most) {
        SampleColumn column = new SampleColumn();
        double value = 0;
        for (long time = 0; time <= 6 * HOUR; time += SCRAPE) {
            value += random.nextInt(most + 1);
            column.append(time + random.nextInt(20), value);
        }
        return column;
    }

    private Result range(String query, long length) {
        return engine.range(query, samples, 6 * HOUR - length, 6 * HOUR, 60 * SECOND, QueryOptions.STANDARD);
    }

    @Benchmark
    public Result rateOf100SeriesOver6h() {
        return range("rate(requests_total{set=\"small\"}[5m])", 6 * HOUR - 300 * SECOND);
    }

    @Benchmark
    public Result sumByOf1000SeriesOver1h() {
        return range("sum by (job) (rate(requests_total[5m]))", HOUR);
    }

    @Benchmark
    public Result avgOverTimeOf100SeriesOver6h() {
        return range("avg_over_time(requests_total{set=\"small\"}[5m])", 6 * HOUR - 300 * SECOND);
    }

    @Benchmark
    public Result maxOver30mOf100SeriesOver6h() {
        return range("max_over_time(requests_total{set=\"small\"}[30m])", 5 * HOUR);
    }

    @Benchmark
    public Result topkOf1000SeriesOver1h() {
        return range("topk(5, requests_total)", HOUR);
    }

    @Benchmark
    public Result quantileOf100ClassicHistogramsOver6h() {
        return range("histogram_quantile(0.99, rate(latency_bucket[5m]))", 6 * HOUR - 300 * SECOND);
    }

    @Benchmark
    public Result joinOf1000SeriesOver1h() {
        return range("requests_total / on (pod) requests_total", HOUR);
    }

    @Benchmark
    public Result instantSumOf1000Series() {
        return engine.instant("sum(requests_total)", samples, 6 * HOUR, QueryOptions.STANDARD);
    }
}
