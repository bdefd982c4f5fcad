package io.auspex.anomaly;

import java.util.Arrays;
import java.util.SplittableRandom;
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

/** Judging 24 h of one series at 15 s (5 760 samples); the limit is 150 ms at the 95th percentile. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DetectorBench {
    private static final int DAY = 5760;
    private static final int HISTORY = 2 * DAY;

    private final long[] times = new long[HISTORY + DAY];
    private final double[] values = new double[HISTORY + DAY];
    private byte[] trained = {};

    @Setup
    public void series() {
        SplittableRandom random = new SplittableRandom(20261121);
        for (int i = 0; i < values.length; i++) {
            times[i] = i * 15_000L;
            values[i] = 40 + 20 * Math.sin(2 * Math.PI * i / DAY) + 3 * random.nextGaussian();
        }
        trained = Detectors.trained(
                        Arrays.copyOf(times, HISTORY), Arrays.copyOf(values, HISTORY), Detectors.LIVE_BANK_POINTS)
                .save();
    }

    @Benchmark
    public double baseline() {
        return judge(new SeasonalBaseline(), 0);
    }

    /** A model learned before, as the streaming path has it. */
    @Benchmark
    public double trainedEnsemble() {
        return judge(Detectors.restore(trained), HISTORY);
    }

    /** As the detection endpoint does it: learns from the first half of the series and judges the second. */
    @Benchmark
    public double trainAndJudge() {
        int half = DAY / 2;
        Detector detector =
                Detectors.trained(Arrays.copyOf(times, half), Arrays.copyOf(values, half), Detectors.LIVE_BANK_POINTS);
        double sum = 0;
        for (int i = half; i < DAY; i++) {
            sum += detector.update(times[i], values[i]).score();
        }
        return sum;
    }

    private double judge(Detector detector, int from) {
        double sum = 0;
        for (int i = from; i < from + DAY; i++) {
            sum += detector.update(times[i], values[i]).score();
        }
        return sum;
    }
}
