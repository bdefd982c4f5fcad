package io.auspex.system;

import java.util.List;
import java.util.Random;

/**
 * Queries of people who want what is not theirs, or to break something: matchers that would match everything, labels
 * that sound like tenants, extreme times and ranges, deep and wide trees, and texts that are no queries. Seeded.
 */
final class HostileQueries {
    private static final List<String> MATCHERS = List.of(
            "__name__=~\".+\"",
            "__name__=~\".*\",who!=\"\"",
            "who=~\"only-.*\"",
            "who=~\".*(canary|x).*\"",
            "who!~\"\"",
            "who=~\"(?i)ONLY.+\"",
            "tenant_id=~\".+\"",
            "tenant_id=\"1\"",
            "__tenant_id__=\"2\"",
            "app.tenant_id=\"2\"",
            "who=~\"(a|b|c|d|e|f)*(x+x+)+y\"",
            "who=~\"[\\\\w\\\\W]{0,500}\"",
            "\"who\"=~\".+\"",
            "who=\"' or tenant_id <> 0 --\"",
            "who=\"\\u0000\"",
            "instance!=\"nobody\"");
    private static final List<String> METRICS = List.of("fuzz_total", "fuzz_gauge", "fuzz_bucket", "up", "");
    private static final List<String> DURATIONS = List.of("1s", "1m", "5m", "1h", "1d", "100y", "1ms", "0s", "-5m");
    private static final List<String> NUMBERS =
            List.of("0", "1", "-1", "1e308", "NaN", "Inf", "-Inf", "0.99", "9223372036854775807", "1e-320");
    private static final List<String> RANGE_FUNCTIONS = List.of(
            "rate",
            "increase",
            "irate",
            "delta",
            "avg_over_time",
            "max_over_time",
            "stddev_over_time",
            "count_over_time",
            "changes",
            "deriv",
            "last_over_time",
            "absent_over_time",
            "anomaly_score",
            "season_baseline");
    private static final List<String> FUNCTIONS =
            List.of("abs", "ln", "sort", "timestamp", "absent", "sgn", "histogram_sum", "year", "sqrt", "-", "+");
    private static final List<String> AGGREGATIONS =
            List.of("sum", "avg", "count", "max", "stddev", "group", "topk(3,", "quantile(0.9,", "count_values(\"v\",");
    private static final List<String> OPERATORS = List.of(
            "+",
            "/",
            "%",
            "^",
            "== bool",
            ">",
            "and",
            "or",
            "unless",
            "* on (who)",
            "- ignoring (who, i) group_left",
            "/ on () group_right");
    private static final List<String> LABELS = List.of("who", "i", "le", "__name__", "tenant_id", "nothing");

    private final Random random;

    HostileQueries(long seed) {
        random = new Random(seed);
    }

    String next() {
        String query = vector(random.nextInt(5));
        return switch (random.nextInt(12)) {
            case 0 -> mutilated(query);
            case 1 -> "(".repeat(random.nextInt(300)) + query + ")".repeat(random.nextInt(300));
            case 2 -> query + (" or " + selector()).repeat(random.nextInt(40));
            default -> query;
        };
    }

    /** A selector, as {@code match[]} takes it. */
    String selector() {
        String metric = pick(METRICS);
        return metric.isEmpty() || random.nextBoolean() ? metric + "{" + pick(MATCHERS) + "}" : metric;
    }

    int choice(int many) {
        return random.nextInt(many);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String vector(int depth) {
        if (depth == 0) {
            return selector() + modifiers();
        }
        int next = depth - 1;
        return switch (random.nextInt(8)) {
            case 0, 1 -> pick(RANGE_FUNCTIONS) + "(" + matrix(next) + ")";
            case 2 -> aggregation(next);
            case 3 -> "(" + vector(next) + ") " + pick(OPERATORS) + " (" + vector(next) + ")";
            case 4 -> pick(FUNCTIONS) + "(" + vector(next) + ")";
            case 5 -> vector(next) + " " + pick(OPERATORS) + " " + pick(NUMBERS);
            case 6 ->
                "label_replace(" + vector(next) + ", \"" + pick(LABELS) + "\", \"$1$1$1\", \"" + pick(LABELS)
                        + "\", \"(.*)\")";
            default -> "histogram_quantile(" + pick(NUMBERS) + ", " + vector(next) + ")";
        };
    }

    private String aggregation(int depth) {
        String operation = pick(AGGREGATIONS);
        String grouping = random.nextBoolean() ? " by (" + pick(LABELS) + ")" : " without (" + pick(LABELS) + ")";
        return operation + (operation.endsWith(",") ? "" : "(") + vector(depth) + ")" + grouping;
    }

    private String matrix(int depth) {
        if (depth == 0 || random.nextBoolean()) {
            return selector() + "[" + pick(DURATIONS) + "]" + modifiers();
        }
        return "(" + vector(depth - 1) + ")[" + pick(DURATIONS) + ":" + (random.nextBoolean() ? pick(DURATIONS) : "")
                + "]" + modifiers();
    }

    private String modifiers() {
        return switch (random.nextInt(8)) {
            case 0 -> " offset " + pick(DURATIONS);
            case 1 -> " @ " + pick(NUMBERS);
            case 2 -> " @ end() offset -1d";
            default -> "";
        };
    }

    private String mutilated(String query) {
        StringBuilder text = new StringBuilder(query);
        for (int i = random.nextInt(4); i >= 0 && text.length() > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, (char) random.nextInt(0x250));
                default -> text.setCharAt(at, "(){}[]\"'`\\@:,".charAt(random.nextInt(13)));
            }
        }
        return text.toString();
    }
}
