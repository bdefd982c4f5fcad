package io.auspex.ingest;

import io.airlift.compress.snappy.SnappyDecompressor;
import io.auspex.codec.LogEncoder;
import io.auspex.series.AppendWindow;
import io.auspex.series.Head;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesMap;
import io.auspex.tenancy.TenantId;
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
import org.openjdk.jmh.annotations.Warmup;

/** The way of a sample in, step by step: 100 000 known series, bodies of 2 000 samples. One operation is a sample. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IngestBench {
    static final int SERIES = 100_000;
    static final int PER_BODY = 2_000;
    private static final TenantId TENANT = new TenantId(1);
    private static final long START = 1_700_000_000_000L;

    private final byte[][] bodies = Fleet.scrape(SERIES, PER_BODY, START, 1);
    private final SeriesMap known = new SeriesMap();
    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder();
    private final DecodedBatch batch = new DecodedBatch();
    private final SnappyBlock snappy = new SnappyBlock();
    private final SnappyDecompressor aircompressor = new SnappyDecompressor();
    private final byte[] inflated = new byte[8 << 20];
    private final LogEncoder log = new LogEncoder();
    private final Head head = new Head();
    private final int[] refs = new int[PER_BODY];
    private final long[] timestamps = new long[PER_BODY];
    private final double[] values = new double[PER_BODY];
    private final byte[] verdicts = new byte[PER_BODY];
    private int next;
    private int step;

    @Setup
    public void register() {
        for (int i = 0; i < SERIES; i++) {
            SeriesIdentity identity = SeriesIdentity.of(Fleet.labels(i));
            known.putIfAbsent(identity.high(), identity.low(), head.register(TENANT, 1000 + i));
        }
    }

    private byte[] body() {
        next = (next + 1) % bodies.length;
        return bodies[next];
    }

    @Benchmark
    @OperationsPerInvocation(PER_BODY)
    public int inflate() {
        byte[] body = body();
        return snappy.inflate(body, 0, body.length, 32 << 20);
    }

    @Benchmark
    @OperationsPerInvocation(PER_BODY)
    public int inflateWithAircompressor() {
        byte[] body = body();
        return aircompressor.decompress(body, 0, body.length, inflated, 0, inflated.length);
    }

    @Benchmark
    @OperationsPerInvocation(PER_BODY)
    public int decode() {
        byte[] body = body();
        decoder.decode(body, 0, body.length, IngestLimits.DEFAULT, known::find, batch);
        return batch.sampleCount();
    }

    /** Everything but the database: decode, encode the log record, append to the head. */
    @Benchmark
    @OperationsPerInvocation(PER_BODY)
    public int decodeLogAppend() {
        decode();
        long shift = step() * 15_000L;
        for (int i = 0; i < batch.sampleCount(); i++) {
            refs[i] = batch.ref(batch.sampleSeries()[i]);
            timestamps[i] = batch.timestamps()[i] + shift;
            values[i] = batch.values()[i] + shift;
            log.add(head.seriesId(refs[i]), timestamps[i], values[i]);
        }
        log.finish(LogEncoder.MAX_PART);
        return head.append(refs, timestamps, values, batch.sampleCount(), AppendWindow.ALL, verdicts);
    }

    private int step() {
        if (next == 0) {
            step++;
            if (step % 480 == 0) {
                forget();
            }
        }
        return step;
    }

    /** Gives back what a flush every two hours would. */
    private void forget() {
        var flushed = new io.auspex.series.SampleColumn();
        for (int ref : head.activeRefs()) {
            flushed.clear();
            head.read(TENANT, ref, Long.MIN_VALUE, Long.MAX_VALUE, flushed);
            head.release(ref, Long.MAX_VALUE, flushed);
        }
    }

    @Benchmark
    @OperationsPerInvocation(PER_BODY)
    public byte[][] encodeLog() {
        int first = (next = (next + 1) % bodies.length) * PER_BODY;
        for (int i = 0; i < PER_BODY; i++) {
            log.add(1000 + first + i, START + (first + i) / Fleet.PER_HOST, (first + i) % 1000);
        }
        return log.finish(LogEncoder.MAX_PART);
    }

    @Benchmark
    @OperationsPerInvocation(PER_BODY)
    public int append() {
        next = (next + 1) % bodies.length;
        int current = step();
        int first = next * PER_BODY;
        for (int i = 0; i < PER_BODY; i++) {
            refs[i] = first + i;
            timestamps[i] = START + current * 15_000L;
            values[i] =
                    i % 5 < 3 ? i : i % 5 == 3 ? current * (double) (i % 500) : (current * 7919L * i % 1000) / 100.0;
        }
        return head.append(refs, timestamps, values, PER_BODY, AppendWindow.ALL, verdicts);
    }
}
