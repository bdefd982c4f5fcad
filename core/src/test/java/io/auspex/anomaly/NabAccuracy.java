package io.auspex.anomaly;

import io.auspex.support.Corpora;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints the NAB scores of the streaming detector beside naive ones: {@code ./dev accuracy nab}. */
public final class NabAccuracy {
    private static final Pattern FILE =
            Pattern.compile("\"([^\"]+\\.csv)\": \\[(.*?)\\](?:,\\s*\"|\\s*})", Pattern.DOTALL);
    private static final Pattern WINDOW = Pattern.compile("\"([^\"]+)\",\\s*\"([^\"]+)\"");

    /** Frozen for the whole corpus, in samples; chosen on the development part. */
    private static final int LOOK_BACK = 144;

    private static final int SILENCE = 16;

    private NabAccuracy() {}

    /** One file of the corpus. */
    private record Series(String name, long[] times, double[] values, List<int[]> windows) {}

    /** Scores by row of a series; strictly causal. */
    private interface Method {
        double[] judge(Series series);
    }

    public static void main(String[] arguments) throws Exception {
        List<Series> corpus = read(Corpora.folder("nab"));
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("constant", series -> new double[series.values.length]);
        methods.put("windowed Gaussian", NabAccuracy::windowedGaussian);
        methods.put("baseline", series -> gated(series, new SeasonalBaseline()));
        methods.put("ensemble", NabAccuracy::ensemble);
        System.out.printf(
                "%-20s %8s %8s %8s   %s%n", "method", "standard", "low-FP", "low-FN", "at the standard threshold");
        for (Map.Entry<String, Method> method : methods.entrySet()) {
            print(method.getKey(), corpus, method.getValue());
        }
    }

    private static void print(String name, List<Series> corpus, Method method) {
        NabScorer scorer = new NabScorer();
        long start = System.nanoTime();
        long rows = 0;
        for (Series series : corpus) {
            scorer.add(method.judge(series), series.windows);
            rows += series.values.length;
        }
        double micros = (System.nanoTime() - start) / 1e3 / rows;
        NabScorer.Result standard = scorer.best(NabScorer.Profile.STANDARD);
        System.out.printf(
                Locale.ROOT,
                "%-20s %8.1f %8.1f %8.1f   %d of %d windows, %d false bursts, threshold %.2f; %.1f us/sample%n",
                name,
                standard.score(),
                scorer.best(NabScorer.Profile.LOW_FALSE_POSITIVES).score(),
                scorer.best(NabScorer.Profile.LOW_FALSE_NEGATIVES).score(),
                standard.windowsHit(),
                standard.windows(),
                standard.falseBursts(),
                standard.threshold(),
                micros);
    }

    private static double[] gated(Series series, Detector detector) {
        double[] scores = new double[series.values.length];
        RecordGate gate = new RecordGate(LOOK_BACK, SILENCE);
        for (int i = 0; i < scores.length; i++) {
            scores[i] =
                    gate.pass(detector.update(series.times[i], series.values[i]).score());
        }
        return scores;
    }

    /** Baseline from the first row; neighbours from the end of the probation, with all they see as history. */
    private static double[] ensemble(Series series) {
        int probation = NabScorer.probation(series.values.length);
        SeasonalBaseline baseline = new SeasonalBaseline();
        for (int i = 0; i < probation; i++) {
            baseline.update(series.times[i], series.values[i]);
        }
        double[] prefix = java.util.Arrays.copyOf(series.values, probation);
        NeighbourDetector neighbours = NeighbourDetector.growing(WindowBank.train(prefix, 8192), 8192);
        Detector ensemble = Detectors.ensemble(baseline, neighbours);
        double[] scores = new double[series.values.length];
        RecordGate gate = new RecordGate(LOOK_BACK, SILENCE);
        for (int i = probation; i < scores.length; i++) {
            scores[i] =
                    gate.pass(ensemble.update(series.times[i], series.values[i]).score());
        }
        return scores;
    }

    /** NAB's own naive baseline: the tail of a Gaussian over the last 6400 values, moved by 100. */
    private static double[] windowedGaussian(Series series) {
        double[] scores = new double[series.values.length];
        List<Double> window = new ArrayList<>();
        List<Double> step = new ArrayList<>();
        double mean = 0;
        double deviation = 1;
        for (int i = 0; i < scores.length; i++) {
            double value = series.values[i];
            if (!window.isEmpty()) {
                double z = Math.abs(value - mean) / deviation;
                scores[i] = 1 - upperTail(z);
            }
            if (window.size() < 6400) {
                window.add(value);
            } else {
                step.add(value);
                if (step.size() < 100) {
                    continue;
                }
                window = new ArrayList<>(window.subList(100, window.size()));
                window.addAll(step);
                step.clear();
            }
            double m = window.stream().mapToDouble(v -> v).average().orElse(0);
            mean = m;
            deviation = Math.sqrt(window.stream()
                    .mapToDouble(v -> (v - m) * (v - m))
                    .average()
                    .orElse(0));
            deviation = deviation == 0 ? 1e-6 : deviation;
        }
        return scores;
    }

    /** The Gaussian upper tail (Abramowitz and Stegun 7.1.26 is too coarse here; continued fraction beyond 3). */
    private static double upperTail(double z) {
        if (z > 3) {
            double fraction = 0;
            for (int k = 60; k > 0; k--) {
                fraction = k / (z + fraction);
            }
            return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / (z + fraction);
        }
        double term = z;
        double sum = z;
        for (int k = 1; k < 80; k++) {
            term *= z * z / (2 * k + 1);
            sum += term;
        }
        return 0.5 - sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    private static List<Series> read(Path folder) throws Exception {
        String labels = Files.readString(folder.resolve("labels.json"));
        Matcher file = FILE.matcher(labels);
        Map<String, String> windows = new LinkedHashMap<>();
        int from = 0;
        while (file.find(from)) {
            windows.put(file.group(1), file.group(2));
            from = file.end(2);
        }
        List<Series> corpus = new ArrayList<>();
        for (Path path : Corpora.files(folder.resolve("data"), ".csv.xz")) {
            String name = folder.resolve("data").relativize(path).toString().replace(".xz", "");
            corpus.add(series(name, Corpora.lines(path), windows.get(name)));
        }
        return corpus;
    }

    private static Series series(String name, List<String> lines, String labels) {
        long[] times = new long[lines.size() - 1];
        double[] values = new double[lines.size() - 1];
        for (int i = 0; i < times.length; i++) {
            String line = lines.get(i + 1);
            int comma = line.indexOf(',');
            times[i] = millis(line.substring(0, comma));
            values[i] = Double.parseDouble(line.substring(comma + 1));
        }
        List<int[]> windows = new ArrayList<>();
        Matcher window = WINDOW.matcher(labels);
        while (window.find()) {
            windows.add(new int[] {row(times, millis(window.group(1))), row(times, millis(window.group(2)))});
        }
        return new Series(name, times, values, windows);
    }

    private static int row(long[] times, long millis) {
        for (int i = 0; i < times.length; i++) {
            if (times[i] == millis) {
                return i;
            }
        }
        throw new IllegalArgumentException("no row at " + millis);
    }

    private static long millis(String text) {
        return LocalDateTime.parse(text.replace(' ', 'T').replaceAll("\\..*", ""))
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }
}
