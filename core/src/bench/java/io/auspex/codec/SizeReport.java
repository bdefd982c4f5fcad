package io.auspex.codec;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;

/**
 * Prints bytes per sample of packs over the recorded node exporter, read uncompressed from standard input
 * ({@code ./dev bench size}): scrapes 15 s apart, 3 % of them late by 1 to 3 ms.
 *
 * <p>A row of the recording is one second; stride 5 takes each fifth row as one scrape, stride 15 is real time.
 */
public final class SizeReport {
    private static final long START = 1_699_999_200_000L;
    private static final long INTERVAL = 15_000;
    private static final long HOUR = 3_600_000;

    private final double[][] series;

    private SizeReport(InputStream in) throws IOException {
        series = Recording.read(in);
    }

    public static void main(String[] arguments) throws IOException {
        SizeReport report = new SizeReport(new BufferedInputStream(System.in, 1 << 20));
        System.out.printf("%d series, %d rows%n", report.series.length, report.series[0].length);
        System.out.println("window  frame  stride  pack   B/sample  encode  decode (M samples per CPU-second)");
        for (int warmUp = 0; warmUp < 2; warmUp++) {
            report.measure(2, 2, 1, 32, warmUp == 1);
        }
        for (int pack : new int[] {16, 32, 64}) {
            report.measure(2, 2, 5, pack, true);
        }
        report.measure(2, 2, 15, 32, true);
        for (int pack : new int[] {16, 32, 64}) {
            report.measure(24, 2, 1, pack, true);
        }
        report.measure(24, 8, 1, 32, true);
        report.measure(24, 24, 1, 32, true);
    }

    private void measure(int hours, int frameHours, int stride, int packSize, boolean print) {
        int count = (int) (hours * HOUR / INTERVAL);
        long[] timestamps = timestamps(count);
        int windows = Math.max(1, series[0].length / stride / count);
        long bytes = 0;
        long samples = 0;
        long encode = 0;
        long decode = 0;
        double[] values = new double[count];
        try (PackWriter writer = new PackWriter(frameHours * HOUR);
                PackReader reader = new PackReader()) {
            for (int window = 0; window < windows; window++) {
                for (int first = 0; first < series.length; first += packSize) {
                    int last = Math.min(series.length, first + packSize);
                    long started = cpu();
                    for (int i = first; i < last; i++) {
                        for (int at = 0; at < count; at++) {
                            values[at] = series[i][(window * count + at) * stride];
                        }
                        writer.add(i, timestamps, values, count);
                    }
                    byte[] pack = writer.finish();
                    long encoded = cpu();
                    read(pack, reader);
                    decode += cpu() - encoded;
                    encode += encoded - started;
                    bytes += pack.length;
                    samples += (long) (last - first) * count;
                }
            }
        }
        if (print) {
            System.out.printf(
                    "%4d h  %3d h  %6d  %4d   %8.3f  %6.0f  %6.0f%n",
                    hours,
                    frameHours,
                    stride,
                    packSize,
                    (double) bytes / samples,
                    samples * 1e3 / encode,
                    samples * 1e3 / decode);
        }
    }

    private static void read(byte[] pack, PackReader reader) {
        PackDirectory directory = PackDirectory.parse(pack);
        long[] timestamps = new long[6000];
        double[] values = new double[6000];
        for (int frame = 0; frame < directory.frameCount(); frame++) {
            reader.frame(directory, frame, pack, directory.frameOffset(frame));
            for (int i = 0; i < directory.seriesCount(); i++) {
                reader.read(i, timestamps, values, 0);
            }
        }
    }

    private static long[] timestamps(int count) {
        SplittableRandom random = new SplittableRandom(7);
        long[] timestamps = new long[count];
        for (int i = 0; i < count; i++) {
            timestamps[i] = START + i * INTERVAL + (random.nextInt(100) < 3 ? 1 + random.nextInt(3) : 0);
        }
        return timestamps;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
