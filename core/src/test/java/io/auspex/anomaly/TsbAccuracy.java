package io.auspex.anomaly;

import io.auspex.support.Corpora;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Prints causal VUS-PR on the TSB-AD-U part beside naive methods: {@code ./dev accuracy tsb}. */
public final class TsbAccuracy {
    private static final long INTERVAL_MILLIS = 60_000;

    private TsbAccuracy() {}

    /** Scores by row; the first {@code train} rows may be fitted, later ones only be seen as they come. */
    private interface Method {
        double[] judge(double[] values, int train);
    }

    public static void main(String[] arguments) {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("|x - median| / MAD", TsbAccuracy::distanceFromMedian);
        methods.put("baseline", (values, train) -> run(values, 0, new SeasonalBaseline()));
        methods.put("neighbours", (values, train) -> neighbours(values, train, WindowBank.DEFAULT_POINTS));
        methods.put("ensemble", TsbAccuracy::ensemble);
        System.out.printf("%-20s %8s   %s%n", "method", "VUS-PR", "by source");
        for (Map.Entry<String, Method> method : methods.entrySet()) {
            print(method.getKey(), method.getValue(), arguments.length > 0);
        }
    }

    private static void print(String name, Method method, boolean each) {
        Map<String, double[]> sources = new TreeMap<>();
        long nanos = 0;
        long rows = 0;
        for (Path file : Corpora.files(Corpora.folder("tsb-ad-u"), ".csv.xz")) {
            List<String> lines = Corpora.lines(file);
            double[] values = new double[lines.size() - 1];
            boolean[] labels = new boolean[values.length];
            for (int i = 0; i < values.length; i++) {
                String line = lines.get(i + 1);
                int comma = line.indexOf(',');
                values[i] = Double.parseDouble(line.substring(0, comma));
                labels[i] = Double.parseDouble(line.substring(comma + 1)) > 0;
            }
            String title = file.getFileName().toString();
            int train = Integer.parseInt(title.replaceAll(".*_tr_(\\d+)_.*", "$1"));
            long start = System.nanoTime();
            double[] scores = method.judge(values, train);
            nanos += System.nanoTime() - start;
            rows += values.length;
            double vus = VusPr.of(labels, scores, VusPr.buffer(values));
            double[] sum = sources.computeIfAbsent(title.split("_", 3)[1], source -> new double[2]);
            sum[0] += vus;
            sum[1]++;
            if (each) {
                System.out.printf(Locale.ROOT, "    %.3f %s%n", vus, title);
            }
        }
        double all = sources.values().stream().mapToDouble(s -> s[0]).sum()
                / sources.values().stream().mapToDouble(s -> s[1]).sum();
        StringBuilder by = new StringBuilder();
        sources.forEach((source, sum) -> by.append(String.format(Locale.ROOT, "%s %.3f  ", source, sum[0] / sum[1])));
        System.out.printf(Locale.ROOT, "%-20s %8.3f   %s %.1f us/sample%n", name, all, by, nanos / 1e3 / rows);
    }

    private static double[] run(double[] values, int from, Detector detector) {
        double[] scores = new double[values.length];
        for (int i = from; i < values.length; i++) {
            scores[i] = detector.update(i * INTERVAL_MILLIS, values[i]).score();
        }
        return scores;
    }

    private static double[] neighbours(double[] values, int train, int bank) {
        WindowBank learned = WindowBank.train(Arrays.copyOf(values, train), bank);
        return run(values, 0, NeighbourDetector.of(learned));
    }

    private static double[] ensemble(double[] values, int train) {
        long[] times = new long[train];
        Arrays.setAll(times, i -> i * INTERVAL_MILLIS);
        Detector detector = Detectors.trained(times, Arrays.copyOf(values, train), WindowBank.DEFAULT_POINTS);
        return run(values, train, detector);
    }

    private static double[] distanceFromMedian(double[] values, int train) {
        double[] prefix = Arrays.copyOf(values, train);
        double median = Robust.median(prefix.clone(), train);
        double deviation = Math.max(Robust.deviation(prefix, train, median), Robust.floor(median));
        return Arrays.stream(values).map(v -> Math.abs(v - median) / deviation).toArray();
    }
}
