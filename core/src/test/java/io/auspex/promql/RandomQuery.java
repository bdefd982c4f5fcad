package io.auspex.promql;

import java.util.List;
import java.util.random.RandomGenerator;

/** Random queries that are correct in grammar and types. */
final class RandomQuery {
    private static final List<String> METRICS = List.of("up", "a:b", "sum", "offset", "and", "start", "http_total");
    private static final List<String> LABELS = List.of("job", "le", "\"my label\"", "by", "on", "bool");
    private static final List<String> VALUES = List.of("\"x\"", "'it\\'s'", "`raw\\.`", "\"\\u00e9\\n\"", "\"☺\"");
    /** Without Inf, whose sign the printer adds, which before a power binds less tight when it is read again. */
    private static final List<String> NUMBERS = List.of("1", "0.5", "1e3", "0x1F", "5m", "NaN", "1_000", ".25");

    private static final List<String> DURATIONS = List.of("5m", "1h30m", "90", "1y", "250ms", "2.5");

    private final RandomGenerator random;

    RandomQuery(RandomGenerator random) {
        this.random = random;
    }

    String any(int depth) {
        return switch (random.nextInt(8)) {
            case 0 -> scalar(depth);
            case 1 -> matrix(depth);
            case 2 -> pick(VALUES);
            default -> vector(depth);
        };
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String scalar(int depth) {
        if (depth == 0) {
            return pick(NUMBERS);
        }
        return switch (random.nextInt(5)) {
            case 0 -> "scalar(" + vector(depth - 1) + ")";
            case 1 -> "-" + scalar(depth - 1);
            case 2 -> "(" + scalar(depth - 1) + ")";
            case 3 ->
                scalar(depth - 1) + " " + pick(List.of("+", "-", "*", "/", "%", "^", "atan2", "== bool")) + " "
                        + scalar(depth - 1);
            default -> pick(NUMBERS);
        };
    }

    private String vector(int depth) {
        if (depth == 0) {
            return selector();
        }
        int next = depth - 1;
        return switch (random.nextInt(9)) {
            case 0 -> "rate(" + matrix(next) + ")";
            case 1 -> pick(List.of("sum", "MAX", "group", "stddev")) + grouping() + "(" + vector(next) + ")";
            case 2 -> "topk(" + scalar(next) + ", " + vector(next) + ")" + grouping();
            case 3 ->
                vector(next) + " " + pick(List.of("+", "*", "^", ">", "!= bool")) + " " + matching() + vector(next);
            case 4 -> vector(next) + " " + pick(List.of("and", "or", "unless")) + " " + vector(next);
            case 5 -> "+" + vector(next);
            case 6 -> "(" + vector(next) + ")";
            case 7 -> "label_replace(" + vector(next) + ", \"a\", \"$1\", \"b\", \"(.*)\")";
            default -> selector();
        };
    }

    private String matrix(int depth) {
        if (depth == 0 || random.nextBoolean()) {
            return bareSelector() + "[" + duration() + "]" + modifiers();
        }
        return "(" + vector(depth - 1) + ")[" + duration() + ":" + (random.nextBoolean() ? duration() : "") + "]"
                + modifiers();
    }

    private String duration() {
        return random.nextInt(4) == 0 ? pick(DURATIONS) + " * (2 + 1)" : pick(DURATIONS);
    }

    private String selector() {
        return bareSelector() + modifiers();
    }

    private String bareSelector() {
        String matcher = pick(LABELS) + pick(List.of("=", "!=", "=~", "!~")) + pick(VALUES);
        return switch (random.nextInt(4)) {
            case 0 -> pick(METRICS) + "{" + matcher + ",}";
            case 1 -> "{\"" + "with.dot" + "\", " + matcher + "}";
            default -> pick(METRICS);
        };
    }

    private String modifiers() {
        String offset = random.nextInt(4) == 0 ? " offset " + pick(List.of("", "-")) + pick(DURATIONS) : "";
        String at = random.nextInt(4) == 0 ? " @ " + pick(List.of("12.5", "-3", "start()", "end()")) : "";
        return random.nextBoolean() ? offset + at : at + offset;
    }

    private String grouping() {
        return random.nextBoolean() ? "" : pick(List.of(" by (", " without (")) + pick(LABELS) + ") ";
    }

    private String matching() {
        return switch (random.nextInt(4)) {
            case 0 -> "on (" + pick(LABELS) + ") ";
            case 1 -> "ignoring (x, y) group_left (z) ";
            case 2 -> "on (x) group_right () ";
            default -> "";
        };
    }
}
