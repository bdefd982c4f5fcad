package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.MemorySampleReader;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.StaleMarker;
import java.util.random.RandomGenerator;

/** Random samples and random correct queries over them. */
final class RandomQueries {
    static final long MINUTE = 60_000;
    private static final String[] NAMES = {"m_total", "n", "h"};
    private static final String[] DURATIONS = {"1m", "2m30s", "5m", "11m"};
    private static final String[] FLOAT_FUNCTIONS = {
        "abs",
        "ceil",
        "sgn",
        "ln",
        "sqrt",
        "exp",
        "atan",
        "floor",
        "round",
        "deg",
        "rad",
        "sinh",
        "cosh",
        "tanh",
        "asin",
        "acos",
        "acosh",
        "asinh",
        "atanh",
        "log2",
        "log10",
        "sin",
        "cos",
        "tan",
        "year",
        "month",
        "day_of_week",
        "day_of_month",
        "day_of_year",
        "days_in_month",
        "hour",
        "minute",
        "sort",
        "sort_desc"
    };
    private static final String[] RANGE_FUNCTIONS = {
        "rate",
        "increase",
        "delta",
        "irate",
        "idelta",
        "sum_over_time",
        "avg_over_time",
        "min_over_time",
        "max_over_time",
        "count_over_time",
        "last_over_time",
        "stddev_over_time",
        "stdvar_over_time",
        "present_over_time",
        "absent_over_time",
        "changes",
        "resets",
        "deriv",
        "mad_over_time",
        "ts_of_last_over_time",
        "ts_of_max_over_time",
        "ts_of_min_over_time"
    };
    private static final String[] HISTOGRAM_FUNCTIONS = {
        "histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar"
    };
    private static final String[] AGGREGATIONS = {"sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"};
    private static final String[] PARAMETER_AGGREGATIONS = {
        "topk(2, ",
        "bottomk(1, ",
        "limitk(2, ",
        "limit_ratio(0.4, ",
        "limit_ratio(-0.6, ",
        "quantile(0.7, ",
        "count_values(\"v\", "
    };
    private static final String[] OPERATORS = {
        "+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "> bool ", "== bool ", "atan2"
    };

    private RandomQueries() {}

    /** Half an hour of series with gaps, stale markers, resets, NaN and histograms. */
    static MemorySampleReader samples(RandomGenerator random) {
        MemorySampleReader samples = new MemorySampleReader();
        for (String name : NAMES) {
            for (int i = 0; i < 4; i++) {
                Labels labels = Labels.of("__name__", name, "a", "" + i % 2, "b", "" + i / 2);
                series(random, samples, labels, name);
            }
        }
        return samples;
    }

    private static void series(RandomGenerator random, MemorySampleReader samples, Labels labels, String name) {
        double counter = 0;
        boolean histograms = name.equals("h") && random.nextInt(3) > 0;
        long interval = random.nextBoolean() ? 15_000 : 60_000;
        for (long time = random.nextInt(30_000); time < 30 * MINUTE; time += interval) {
            int kind = random.nextInt(40);
            if (kind == 0) {
                samples.append(labels, time, StaleMarker.VALUE);
            } else if (kind == 1) {
                time += random.nextInt(8) * MINUTE;
            } else if (histograms && kind > 3) {
                samples.append(labels, time, histogram(random));
            } else if (kind == 2) {
                samples.append(labels, time, random.nextBoolean() ? Double.NaN : Double.POSITIVE_INFINITY);
            } else {
                counter = random.nextInt(15) == 0 ? 0 : counter + random.nextInt(20);
                samples.append(labels, time, name.equals("n") ? random.nextGaussian() * 1e3 : counter);
            }
        }
    }

    private static NativeHistogram histogram(RandomGenerator random) {
        boolean custom = random.nextInt(4) == 0;
        double[] positive = counts(random, custom ? 4 : random.nextInt(5));
        double[] negative = custom ? new double[0] : counts(random, random.nextInt(3));
        double zero = custom ? 0 : random.nextInt(4);
        double count = zero;
        for (double each : positive) {
            count += each;
        }
        for (double each : negative) {
            count += each;
        }
        return new NativeHistogram(
                custom ? NativeHistogram.CUSTOM_SCHEMA : random.nextInt(-1, 3),
                count,
                random.nextInt(50),
                custom ? 0 : random.nextBoolean() ? 0.001 : 0.5,
                zero,
                custom ? 0 : random.nextInt(-2, 3),
                positive,
                random.nextInt(-2, 3),
                negative,
                custom ? new double[] {1, 5, random.nextBoolean() ? 10 : 20} : new double[0],
                ResetHint.values()[random.nextInt(4)]);
    }

    private static double[] counts(RandomGenerator random, int length) {
        double[] counts = new double[length];
        for (int i = 0; i < length; i++) {
            counts[i] = random.nextInt(6);
        }
        return counts;
    }

    /** A vector expression. */
    static String query(RandomGenerator random, int depth) {
        if (depth == 0) {
            return selector(random);
        }
        return switch (random.nextInt(11)) {
            case 0, 1 -> pick(random, RANGE_FUNCTIONS) + "(" + range(random, depth - 1) + ")";
            case 2 -> pick(random, FLOAT_FUNCTIONS) + "(" + query(random, depth - 1) + ")";
            case 3 -> pick(random, AGGREGATIONS) + grouping(random) + "(" + query(random, depth - 1) + ")";
            case 4 -> pick(random, PARAMETER_AGGREGATIONS) + query(random, depth - 1) + ")" + grouping(random);
            case 5 -> binary(random, depth);
            case 6 ->
                "(" + query(random, depth - 1) + ") " + pick(random, "and", "or", "unless")
                        + pick(random, "", " on (a)", " ignoring (b)") + " (" + query(random, depth - 1) + ")";
            case 7 -> "(" + query(random, depth - 1) + ") " + pick(random, OPERATORS) + " " + scalar(random);
            case 8 -> "-(" + query(random, depth - 1) + ")";
            case 9 -> special(random, depth);
            default -> pick(random, HISTOGRAM_FUNCTIONS) + "(" + query(random, depth - 1) + ")";
        };
    }

    private static String special(RandomGenerator random, int depth) {
        String inner = query(random, depth - 1);
        return switch (random.nextInt(12)) {
            case 8 -> "label_join(" + inner + ", \"a\", \"/\", \"b\", \"a\")";
            case 9 -> "sort_by_label(" + inner + ", \"a\")";
            case 10 -> "double_exponential_smoothing(" + range(random, depth - 1) + ", 0.4, 0.1)";
            case 0 -> "label_replace(" + inner + ", \"c\", \"$1x\", \"a\", \"(.)\")";
            case 1 -> "histogram_quantile(" + scalar(random) + ", " + inner + ")";
            case 2 -> "histogram_fraction(0, " + scalar(random) + ", " + inner + ")";
            case 3 -> "absent(" + inner + ")";
            case 4 -> "clamp(" + inner + ", -3, " + scalar(random) + ")";
            case 5 -> "timestamp(" + inner + ")";
            case 6 -> "vector(scalar(" + inner + "))";
            case 7 -> "predict_linear(" + range(random, depth - 1) + ", 60)";
            default -> "quantile_over_time(0.3, " + range(random, depth - 1) + ")";
        };
    }

    private static String binary(RandomGenerator random, int depth) {
        String matching =
                pick(random, "", " on (a, b)", " ignoring (b)", " on (a) group_left ()", " on (b) group_right ()");
        return "(" + query(random, depth - 1) + ") " + pick(random, OPERATORS) + matching + " ("
                + query(random, depth - 1) + ")";
    }

    private static String grouping(RandomGenerator random) {
        return pick(random, "", " by (a)", " without (b)", " by (a, b)");
    }

    private static String scalar(RandomGenerator random) {
        return pick(random, "2", "0.5", "time() / 100", "scalar(n{a=\"0\",b=\"0\"})", "-1", "NaN");
    }

    private static String selector(RandomGenerator random) {
        String matchers = pick(random, "", "{a=\"0\"}", "{b=~\"1|2\"}", "{a!=\"1\",b=\"0\"}");
        return pick(random, NAMES) + matchers + modifier(random);
    }

    private static String modifier(RandomGenerator random) {
        return pick(random, "", "", "", " offset 2m", " offset -90s", " @ 600", " @ 1200 offset 1m");
    }

    private static String range(RandomGenerator random, int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return "(" + query(random, depth - 1) + ")[" + pick(random, DURATIONS) + ":"
                    + pick(random, "", "30s", "1m", "2m") + "]" + modifier(random);
        }
        return pick(random, NAMES) + pick(random, "", "{a=\"0\"}") + "[" + pick(random, DURATIONS) + "]"
                + modifier(random);
    }

    private static String pick(RandomGenerator random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
