package io.auspex.codec;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Packs of 32 series and two hours: a third each constant, counter and decimal gauge. One operation is a sample. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PackBench {
    private static final int SERIES = 32;
    private static final int COUNT = 480;
    private static final int SAMPLES = SERIES * COUNT;

    private final long[] timestamps = new long[COUNT];
    private final double[][] values = new double[SERIES][COUNT];
    private final long[] readTimestamps = new long[COUNT];
    private final double[] readValues = new double[COUNT];
    private final PackWriter writer = new PackWriter(7_200_000);
    private final PackReader reader = new PackReader();
    private byte[] pack = {};

    @Setup
    public void fill() {
        for (int i = 0; i < COUNT; i++) {
            timestamps[i] = 1_699_999_200_000L + i * 15_000L;
            for (int series = 0; series < SERIES; series++) {
                long noise = (i * 7919L + series * 104_729L) % 1009;
                values[series][i] = switch (series % 3) {
                    case 0 -> series;
                    case 1 -> i * 40.0 + noise % 10;
                    default -> noise / 100.0;
                };
            }
        }
        pack = encode();
    }

    @TearDown
    public void close() {
        writer.close();
        reader.close();
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public byte[] encode() {
        for (int series = 0; series < SERIES; series++) {
            writer.add(series, timestamps, values[series], COUNT);
        }
        return writer.finish();
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public double decode() {
        PackDirectory directory = PackDirectory.parse(pack);
        reader.frame(directory, 0, pack, directory.frameOffset(0));
        double last = 0;
        for (int series = 0; series < SERIES; series++) {
            reader.read(series, readTimestamps, readValues, 0);
            last += readValues[COUNT - 1];
        }
        return last;
    }

    /** One series out of 32; one operation is one of its samples. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double decodeOne() {
        PackDirectory directory = PackDirectory.parse(pack);
        reader.frame(directory, 0, pack, directory.frameOffset(0));
        reader.read(directory.find(17), readTimestamps, readValues, 0);
        return readValues[COUNT - 1];
    }
}
