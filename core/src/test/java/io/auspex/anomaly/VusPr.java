package io.auspex.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The volume under the range precision-recall surface (Paparrizos et al., VLDB 2022), as TSB-AD computes it:
 * 250 thresholds, label buffers from 0 to a length, mean of the areas.
 */
final class VusPr {
    private static final int THRESHOLDS = 250;

    private VusPr() {}

    static double of(boolean[] anomalous, double[] score, int buffer) {
        List<int[]> events = events(anomalous);
        List<int[]> widest = widened(events, buffer, score.length);
        double positives = 0;
        for (boolean label : anomalous) {
            positives += label ? 1 : 0;
        }
        double[] descending = score.clone();
        Arrays.sort(descending);
        for (int i = 0; i < descending.length / 2; i++) {
            double swap = descending[i];
            descending[i] = descending[descending.length - 1 - i];
            descending[descending.length - 1 - i] = swap;
        }
        double[] thresholds = new double[THRESHOLDS];
        double[] predicted = new double[THRESHOLDS];
        for (int k = 0; k < THRESHOLDS; k++) {
            // As numpy's linspace, whose last element is exact.
            int at = k == THRESHOLDS - 1
                    ? score.length - 1
                    : (int) (k * ((score.length - 1) / (double) (THRESHOLDS - 1)));
            thresholds[k] = descending[at];
            for (double s : score) {
                predicted[k] += s >= thresholds[k] ? 1 : 0;
            }
        }
        double sum = 0;
        for (int window = 0; window <= buffer; window++) {
            sum += area(
                    extended(anomalous, events, window),
                    events,
                    widened(events, window, score.length),
                    widest,
                    score,
                    thresholds,
                    predicted,
                    positives);
        }
        return sum / (buffer + 1);
    }

    private static double area(
            double[] labels,
            List<int[]> events,
            List<int[]> segments,
            List<int[]> widest,
            double[] score,
            double[] thresholds,
            double[] predicted,
            double positives) {
        double area = 0;
        double previous = 0;
        for (int k = 0; k < THRESHOLDS; k++) {
            double threshold = thresholds[k];
            int found = 0;
            for (int[] segment : segments) {
                boolean any = false;
                for (int i = segment[0]; i <= segment[1] && !any; i++) {
                    any = score[i] >= threshold;
                }
                found += any ? 1 : 0;
            }
            double hits = 0;
            double labelled = 0;
            for (int[] segment : widest) {
                for (int i = segment[0]; i <= segment[1]; i++) {
                    boolean alarm = score[i] >= threshold;
                    double label = labels[i] == 1 ? 1 : alarm || !within(segments, i) ? labels[i] : 0;
                    labelled += label;
                    hits += alarm ? label : 0;
                }
            }
            double recall = Math.min(1, hits / ((positives + labelled) / 2)) * found / segments.size();
            area += (recall - previous) * hits / predicted[k];
            previous = recall;
        }
        return area;
    }

    private static boolean within(List<int[]> segments, int i) {
        for (int[] segment : segments) {
            if (segment[0] <= i && i <= segment[1]) {
                return true;
            }
        }
        return false;
    }

    static List<int[]> events(boolean[] labels) {
        List<int[]> events = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] && (i == 0 || !labels[i - 1])) {
                events.add(new int[] {i, i});
            }
            if (labels[i]) {
                events.get(events.size() - 1)[1] = i;
            }
        }
        return events;
    }

    private static double[] extended(boolean[] anomalous, List<int[]> events, int window) {
        double[] label = new double[anomalous.length];
        for (int i = 0; i < label.length; i++) {
            label[i] = anomalous[i] ? 1 : 0;
        }
        for (int[] event : events) {
            for (int i = event[1] + 1; i < Math.min(event[1] + window / 2 + 1, label.length); i++) {
                label[i] += Math.sqrt(1 - (i - event[1]) / (double) window);
            }
            for (int i = Math.max(event[0] - window / 2, 0); i < event[0]; i++) {
                label[i] += Math.sqrt(1 - (event[0] - i) / (double) window);
            }
        }
        for (int i = 0; i < label.length; i++) {
            label[i] = Math.min(1, label[i]);
        }
        return label;
    }

    private static List<int[]> widened(List<int[]> events, int window, int length) {
        List<int[]> segments = new ArrayList<>();
        int half = window / 2;
        int start = Math.max(events.get(0)[0] - half, 0);
        for (int e = 0; e + 1 < events.size(); e++) {
            if (events.get(e)[1] + half < events.get(e + 1)[0] - half) {
                segments.add(new int[] {start, events.get(e)[1] + half});
                start = events.get(e + 1)[0] - half;
            }
        }
        segments.add(new int[] {start, Math.min(events.get(events.size() - 1)[1] + half, length - 1)});
        return segments;
    }

    /** The buffer that TSB-AD takes for a series: the lag of the highest peak of its autocorrelation. */
    static int buffer(double[] values) {
        int n = Math.min(20_000, values.length);
        int lags = 400;
        double mean = Arrays.stream(values, 0, n).average().orElse(0);
        double[] correlation = new double[lags + 1];
        for (int lag = 0; lag <= lags && lag < n; lag++) {
            for (int i = lag; i < n; i++) {
                correlation[lag] += (values[i] - mean) * (values[i - lag] - mean);
            }
        }
        int best = -1;
        for (int lag = 4; lag < lags; lag++) {
            if (correlation[lag] > correlation[lag - 1]
                    && correlation[lag] > correlation[lag + 1]
                    && (best < 0 || correlation[lag] > correlation[best])) {
                best = lag;
            }
        }
        return best < 0 || best - 3 < 3 || best - 3 > 300 ? 125 : best;
    }
}
