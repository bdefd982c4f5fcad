package io.auspex.anomaly;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The NAB score: one threshold for all files, the earliest detection in a window counts, false alarms cost by
 * their distance after a window (Ahmad, Lavin, Purdy, Agha 2017).
 */
final class NabScorer {
    /** How hits, false alarms and misses are weighed. */
    enum Profile {
        STANDARD(1, 0.11, 1),
        LOW_FALSE_POSITIVES(1, 0.22, 1),
        LOW_FALSE_NEGATIVES(1, 0.11, 2);

        private final double hit;
        private final double falseAlarm;
        private final double miss;

        Profile(double hit, double falseAlarm, double miss) {
            this.hit = hit;
            this.falseAlarm = falseAlarm;
            this.miss = miss;
        }
    }

    private record Point(
            double score, double worth, @Nullable String window) {}

    /** The best normalised score over all thresholds, and what stood at that threshold. */
    record Result(double score, double threshold, int windowsHit, int windows, int falseBursts) {}

    private final List<double[]> scores = new ArrayList<>();
    private final List<List<int[]>> windows = new ArrayList<>();

    /** Adds a file: scores by row, windows as first and last row. */
    void add(double[] fileScores, List<int[]> fileWindows) {
        scores.add(fileScores);
        windows.add(fileWindows);
    }

    static int probation(int rows) {
        return (int) Math.min(Math.floor(0.15 * rows), 750);
    }

    Result best(Profile profile) {
        List<Point> points = points(profile);
        points.sort(Comparator.comparingDouble(Point::score).reversed());
        Map<String, Double> parts = new HashMap<>();
        points.forEach(point -> {
            if (point.window != null) {
                parts.put(point.window, -profile.miss);
            }
        });
        int total = parts.size();
        double none = -profile.miss * total;
        double perfect = profile.hit * total;
        double sum = none;
        double bestSum = none;
        double threshold = Double.POSITIVE_INFINITY;
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            if (point.window == null) {
                sum += point.worth;
            } else {
                double before = parts.get(point.window);
                double after = Math.max(before, point.worth);
                parts.put(point.window, after);
                sum += after - before;
            }
            boolean last = i + 1 == points.size() || points.get(i + 1).score != point.score;
            if (last && sum > bestSum) {
                bestSum = sum;
                threshold = point.score;
            }
        }
        return at(threshold, 100 * (bestSum - none) / (perfect - none));
    }

    private List<Point> points(Profile profile) {
        List<Point> points = new ArrayList<>();
        for (int f = 0; f < scores.size(); f++) {
            addPoints(points, f, profile);
        }
        return points;
    }

    private void addPoints(List<Point> points, int file, Profile profile) {
        double[] rows = scores.get(file);
        int probation = probation(rows.length);
        int before = -1;
        for (int i = 0; i < rows.length; i++) {
            int inside = inside(windows.get(file), i);
            double worth;
            if (inside >= 0) {
                int[] window = windows.get(file).get(inside);
                double position = -(window[1] - i + 1) / (double) (window[1] - window[0] + 1);
                worth = sigmoid(position) * profile.hit / sigmoid(-1);
            } else if (before < 0) {
                worth = -profile.falseAlarm;
            } else {
                int[] window = windows.get(file).get(before);
                worth = sigmoid((i - window[1]) / (double) (window[1] - window[0])) * profile.falseAlarm;
            }
            if (i >= probation) {
                points.add(new Point(rows[i], worth, inside >= 0 ? file + "/" + inside : null));
            }
            if (inside >= 0 && windows.get(file).get(inside)[1] == i) {
                before = inside;
            }
        }
    }

    private Result at(double threshold, double score) {
        int hit = 0;
        int all = 0;
        int bursts = 0;
        for (int f = 0; f < scores.size(); f++) {
            double[] rows = scores.get(f);
            boolean[] seen = new boolean[windows.get(f).size()];
            all += seen.length;
            boolean burst = false;
            for (int i = probation(rows.length); i < rows.length; i++) {
                int inside = inside(windows.get(f), i);
                boolean alarm = rows[i] >= threshold;
                if (alarm && inside >= 0) {
                    seen[inside] = true;
                }
                if (alarm && inside < 0 && !burst) {
                    bursts++;
                }
                burst = alarm && inside < 0;
            }
            for (boolean window : seen) {
                hit += window ? 1 : 0;
            }
        }
        return new Result(score, threshold, hit, all, bursts);
    }

    private static int inside(List<int[]> windows, int row) {
        for (int w = 0; w < windows.size(); w++) {
            if (windows.get(w)[0] <= row && row <= windows.get(w)[1]) {
                return w;
            }
        }
        return -1;
    }

    private static double sigmoid(double position) {
        return position >= 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
    }
}
