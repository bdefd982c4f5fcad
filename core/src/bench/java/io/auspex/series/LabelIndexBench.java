package io.auspex.series;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.roaringbitmap.RoaringBitmap;

/** Matchers over 100 000 series of 200 hosts. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LabelIndexBench {
    private final LabelIndex index = index();

    static LabelIndex index() {
        LabelIndex index = new LabelIndex();
        for (int i = 0; i < 100_000; i++) {
            int metric = i % 500;
            index.add(
                    i,
                    Labels.of(
                            "__name__", "node_subsystem_metric_" + metric / 4 + "_seconds_total",
                            "cluster", "eu-central-1-production",
                            "device", "disk" + metric % 4,
                            "environment", "production",
                            "instance", "host-" + i / 500 + ".example.internal:9100",
                            "job", "node-exporter",
                            "mode", "mode" + metric % 4,
                            "pod", "pod-" + i / 20,
                            "team", "platform-infrastructure"));
        }
        return index;
    }

    @Benchmark
    public RoaringBitmap nameAndInstance() {
        return index.match(List.of(
                Matcher.equal("__name__", "node_subsystem_metric_7_seconds_total"),
                Matcher.equal("instance", "host-17.example.internal:9100")));
    }

    @Benchmark
    public RoaringBitmap nameAndNotMode() {
        return index.match(List.of(
                Matcher.equal("__name__", "node_subsystem_metric_7_seconds_total"),
                new Matcher(Matcher.Type.NOT_EQUAL, "mode", "mode1")));
    }

    @Benchmark
    public RoaringBitmap nameAndInstancePattern() {
        return index.match(List.of(
                Matcher.equal("__name__", "node_subsystem_metric_7_seconds_total"),
                new Matcher(Matcher.Type.REGEX, "instance", "host-1[0-4].*")));
    }

    @Benchmark
    public RoaringBitmap podPattern() {
        return index.match(List.of(new Matcher(Matcher.Type.REGEX, "pod", ".*7.*")));
    }

    @Benchmark
    public RoaringBitmap job() {
        return index.match(List.of(Matcher.equal("job", "node-exporter")));
    }

    @Benchmark
    public Labels labels() {
        Labels labels = index.labels(4711);
        if (labels == null) {
            throw new IllegalStateException();
        }
        return labels;
    }
}
