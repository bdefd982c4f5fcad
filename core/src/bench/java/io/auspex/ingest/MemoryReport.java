package io.auspex.ingest;

import io.auspex.codec.Recording;
import io.auspex.series.AppendWindow;
import io.auspex.series.Head;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesMap;
import io.auspex.tenancy.TenantId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Prints the heap that an active series takes, after a collection and beside what the structures say of themselves:
 * the recorded node exporter as 200 hosts whose recordings start at different rows, each fifth row one scrape, 15 s
 * apart, 3 % of them late ({@code ./dev bench memory}).
 */
public final class MemoryReport {
    private static final int HOSTS = 200;
    private static final int STRIDE = 5;
    private static final TenantId TENANT = new TenantId(1);

    private final double[][] recording;
    private final Head head = new Head();
    private final LabelIndex index = new LabelIndex();
    private final SeriesMap map = new SeriesMap();
    private final int perHost;
    private long appendNanos;
    private long appended;

    private MemoryReport(double[][] recording) {
        this.recording = recording;
        perHost = recording.length;
    }

    public static void main(String[] arguments) throws IOException {
        MemoryReport report = new MemoryReport(Recording.read(new BufferedInputStream(System.in, 1 << 20)));
        long empty = heap();
        report.register();
        System.out.println("samples  heap B/series  head  index  map (as they say)");
        report.print(0, empty);
        int from = 0;
        for (int to : new int[] {1, 16, 40, 240, 480}) {
            report.append(from, to);
            report.print(to, empty);
            from = to;
        }
        System.out.printf("append %d ns/sample of CPU%n", report.appendNanos / report.appended);
        report.read();
    }

    private void register() {
        for (int i = 0; i < HOSTS * perHost; i++) {
            Labels labels = Fleet.labels(i);
            SeriesIdentity identity = SeriesIdentity.of(labels);
            int ref = head.register(TENANT, i);
            map.putIfAbsent(identity.high(), identity.low(), ref);
            index.add(ref, labels);
        }
        index.compact();
    }

    private void append(int from, int to) {
        SplittableRandom random = new SplittableRandom(from);
        int[] refs = new int[perHost];
        long[] timestamps = new long[perHost];
        double[] values = new double[perHost];
        byte[] verdicts = new byte[perHost];
        for (int step = from; step < to; step++) {
            for (int host = 0; host < HOSTS; host++) {
                int row = host * 29 + step * STRIDE;
                long late = random.nextInt(100) < 3 ? 1 + random.nextInt(3) : 0;
                Arrays.fill(timestamps, 1_700_000_000_000L + step * 15_000L + host * 70 + late);
                for (int i = 0; i < perHost; i++) {
                    refs[i] = host * perHost + i;
                    values[i] = recording[i][row];
                }
                long started = cpu();
                appended += head.append(refs, timestamps, values, perHost, AppendWindow.ALL, verdicts);
                appendNanos += cpu() - started;
            }
        }
    }

    private void read() {
        var column = new io.auspex.series.SampleColumn();
        for (int round = 0; round < 3; round++) {
            long samples = 0;
            long started = cpu();
            for (int ref = 0; ref < HOSTS * perHost; ref++) {
                column.clear();
                head.read(TENANT, ref, Long.MIN_VALUE, Long.MAX_VALUE, column);
                samples += column.size();
            }
            System.out.printf("read %.0f M samples per CPU-second%n", samples * 1e3 / (cpu() - started));
        }
    }

    private void print(int samples, long empty) {
        double series = HOSTS * (double) perHost;
        System.out.printf(
                "%7d  %13.0f  %4.0f  %5.0f  %3.0f%n",
                samples,
                (heap() - empty) / series,
                head.bytes() / series,
                index.bytes() / series,
                map.bytes() / series);
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
