package io.auspex.promql;

import io.auspex.codec.PackDirectory;
import io.auspex.codec.PackReader;
import io.auspex.codec.PackWriter;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.PackedColumns;
import io.auspex.series.SampleColumn;
import io.auspex.series.SampleReader;
import io.auspex.series.SeriesCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

/** {@code rate} of 100 series over six hours of packs in memory: inflate, decode, evaluate. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecodeRateBench {
    private static final long HOUR = 3_600_000;
    private static final int SEGMENT = 32;
    private static final int SERIES = 100;

    private final Engine engine = new Engine();
    /** By segment, then by two hours. */
    private final List<List<byte[]>> packs = new ArrayList<>();

    @Setup
    public void pack() {
        Random random = new Random(1);
        for (int first = 0; first < SERIES; first += SEGMENT) {
            List<byte[]> own = new ArrayList<>();
            double[] last = new double[SEGMENT];
            for (long from = 0; from < 6 * HOUR; from += 2 * HOUR) {
                try (PackWriter writer = new PackWriter(2 * HOUR)) {
                    for (int i = first; i < Math.min(SERIES, first + SEGMENT); i++) {
                        SampleColumn column = new SampleColumn();
                        for (long time = from; time < from + 2 * HOUR; time += 15_000) {
                            last[i - first] += random.nextInt(10);
                            column.append(time + random.nextInt(20), last[i - first]);
                        }
                        PackedColumns.write(writer, i, column);
                    }
                    own.add(writer.finish());
                }
            }
            packs.add(own);
        }
    }

    private final class Packed implements SampleReader {
        @Override
        public SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis) {
            return new SeriesCursor() {
                private final PackReader reader = new PackReader();
                private final List<SampleColumn> columns = new ArrayList<>();
                private int next;

                @Override
                public boolean next() {
                    if (next == SERIES) {
                        return false;
                    }
                    if (next % SEGMENT == 0) {
                        decode(next / SEGMENT);
                    }
                    next++;
                    return true;
                }

                private void decode(int segment) {
                    while (columns.size() < SEGMENT) {
                        columns.add(new SampleColumn());
                    }
                    columns.forEach(SampleColumn::clear);
                    for (byte[] pack : packs.get(segment)) {
                        PackDirectory directory = PackDirectory.parse(pack);
                        for (int frame = 0; frame < directory.frameCount(); frame++) {
                            reader.frame(directory, frame, pack, directory.frameOffset(frame));
                            for (int i = 0; i < directory.seriesCount(); i++) {
                                PackedColumns.read(reader, i, fromMillis, toMillis, columns.get(i));
                            }
                        }
                    }
                }

                @Override
                public Labels labels() {
                    return Labels.of("__name__", "requests_total", "pod", "p" + next);
                }

                @Override
                public SampleColumn samples() {
                    return columns.get((next - 1) % SEGMENT);
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        @Override
        public List<Labels> series(List<Matcher> matchers, long fromMillis, long toMillis) {
            return List.of();
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

    @Benchmark
    public Result rateOf100SeriesOver6hOfPacks() {
        return engine.range("rate(requests_total[5m])", new Packed(), 300_000, 6 * HOUR, 60_000, QueryOptions.STANDARD);
    }

    @Benchmark
    public long decodeOf100SeriesOver6hOfPacks() {
        long samples = 0;
        try (SeriesCursor cursor = new Packed().select(List.of(), 0, 6 * HOUR)) {
            while (cursor.next()) {
                samples += cursor.samples().size();
            }
        }
        return samples;
    }
}
