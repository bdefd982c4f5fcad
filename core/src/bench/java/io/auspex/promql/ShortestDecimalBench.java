package io.auspex.promql;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to write one double of many digits as text, beside the JDK's own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ShortestDecimalBench {
    private static final int COUNT = 1024;

    private final double[] values =
            new SplittableRandom(1).doubles(COUNT, 0, 1e6).toArray();
    private final byte[] text = new byte[ShortestDecimal.MAX_LENGTH];

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int schubfach() {
        int length = 0;
        for (double value : values) {
            length += ShortestDecimal.appendJson(value, text, 0);
        }
        return length;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int jdk() {
        int length = 0;
        for (double value : values) {
            length += Double.toString(value).length();
        }
        return length;
    }
}
