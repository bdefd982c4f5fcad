package io.auspex.forecast;

import io.auspex.support.Corpora;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints OWA and the band's MSIS and coverage on M4 beside the naive methods: {@code ./dev accuracy m4}. */
public final class M4Accuracy {
    private M4Accuracy() {}

    private record Series(double[] train, double[] test) {}

    public static void main(String[] arguments) {
        System.out.printf(
                "%-8s %-16s %7s %7s %7s %7s %9s %9s%n",
                "M4", "method", "sMAPE", "MASE", "OWA", "MSIS", "in 95 %", "in 80 %");
        run("hourly", 24, 168, 48, 18.383, 2.395);
        run("weekly", 1, 52, 13, 9.161, 2.777);
    }

    private static void run(
            String frequency, int period, int longPeriod, int horizon, double naiveSmape, double naiveMase) {
        Map<String, Series> corpus = read(frequency);
        print(frequency, "seasonal naive", corpus, period, horizon, naiveSmape, naiveMase, null);
        print(frequency, "pool", corpus, period, horizon, naiveSmape, naiveMase, ForecastPool.of(period, longPeriod));
    }

    private static void print(
            String frequency,
            String name,
            Map<String, Series> corpus,
            int period,
            int horizon,
            double naiveSmape,
            double naiveMase,
            ForecastPool pool) {
        double smape = 0;
        double mase = 0;
        double msis = 0;
        double in95 = 0;
        double in80 = 0;
        long start = System.nanoTime();
        for (Series series : corpus.values()) {
            double scale = scale(series.train, period);
            double[] median;
            if (pool == null) {
                median = new SeasonalNaive(period).forecast(series.train, horizon);
            } else {
                Forecast forecast = pool.forecast(series.train, horizon);
                median = forecast.median();
                for (int h = 0; h < horizon; h++) {
                    double y = series.test[h];
                    double low = forecast.lower95()[h];
                    double high = forecast.upper95()[h];
                    double miss = Math.max(0, low - y) + Math.max(0, y - high);
                    msis += (high - low + 40 * miss) / scale / horizon;
                    in95 += miss == 0 ? 1.0 / horizon : 0;
                    in80 += y >= forecast.lower80()[h] && y <= forecast.upper80()[h] ? 1.0 / horizon : 0;
                }
            }
            for (int h = 0; h < horizon; h++) {
                double error = Math.abs(series.test[h] - median[h]);
                smape += 200 * error / (Math.abs(series.test[h]) + Math.abs(median[h])) / horizon;
                mase += error / scale / horizon;
            }
        }
        int n = corpus.size();
        System.out.printf(
                Locale.ROOT,
                "%-8s %-16s %7.3f %7.3f %7.3f %7.2f %8.1f%% %8.1f%%   %.1f ms/series%n",
                frequency,
                name,
                smape / n,
                mase / n,
                (smape / n / naiveSmape + mase / n / naiveMase) / 2,
                msis / n,
                100 * in95 / n,
                100 * in80 / n,
                (System.nanoTime() - start) / 1e6 / n);
    }

    private static double scale(double[] history, int period) {
        double sum = 0;
        for (int i = period; i < history.length; i++) {
            sum += Math.abs(history[i] - history[i - period]);
        }
        return sum / (history.length - period);
    }

    private static Map<String, Series> read(String frequency) {
        Map<String, double[]> train = new LinkedHashMap<>();
        Map<String, double[]> test = new LinkedHashMap<>();
        List<String> lines = Corpora.lines(Corpora.folder("m4").resolve(frequency + ".csv.xz"));
        for (String line : new ArrayList<>(lines).subList(1, lines.size())) {
            String[] fields = line.split(",", 3);
            double[] values = Arrays.stream(fields[2].trim().split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            (fields[1].equals("train") ? train : test).put(fields[0], values);
        }
        Map<String, Series> corpus = new LinkedHashMap<>();
        train.forEach((id, values) -> corpus.put(id, new Series(values, test.get(id))));
        return corpus;
    }
}
