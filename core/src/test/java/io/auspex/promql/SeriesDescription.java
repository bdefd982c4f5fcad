package io.auspex.promql;

import io.auspex.promql.Token.Kind;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NativeHistogram.ResetHint;
import io.auspex.series.StaleMarker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * A series with its points, as the language's test scripts write it: {@code up{job="a"} 1 2 _ stale 1+2x3}.
 *
 * @param points one per interval
 */
record SeriesDescription(Labels labels, List<Point> points) {
    /** A point; omitted, a native histogram, or a float. Histogram is null unless it is one. */
    record Point(boolean omitted, double value, NativeHistogram histogram) {
        static final Point OMITTED = new Point(true, 0, null);

        static Point of(double value) {
            return new Point(false, value, null);
        }

        static Point of(NativeHistogram histogram) {
            return new Point(false, Double.NaN, histogram);
        }
    }

    /**
     * Reads a description.
     *
     * @param add the sum of two histograms, for {@code {{...}}+{{...}}x10}
     * @param subtract the difference, likewise
     * @throws IllegalArgumentException when the text is none
     */
    static SeriesDescription parse(
            String text, BinaryOperator<NativeHistogram> add, BinaryOperator<NativeHistogram> subtract) {
        Reader reader = new Reader(text, add, subtract);
        Labels labels = reader.labels();
        return new SeriesDescription(labels, reader.points());
    }

    /** One pass over the text. */
    private static final class Reader {
        private final String text;
        private final BinaryOperator<NativeHistogram> add;
        private final BinaryOperator<NativeHistogram> subtract;
        private int position;

        Reader(String text, BinaryOperator<NativeHistogram> add, BinaryOperator<NativeHistogram> subtract) {
            this.text = text;
            this.add = add;
            this.subtract = subtract;
        }

        Labels labels() {
            Map<String, String> labels = new TreeMap<>();
            Lexer lexer = new Lexer(text);
            Token token = lexer.next();
            if (token.kind().namesMetric()) {
                labels.put(Labels.METRIC_NAME, token.text());
                position = token.end();
                if (position == text.length() || text.charAt(position) != '{') {
                    return Labels.of(labels);
                }
                token = lexer.next();
            }
            require(token.kind() == Kind.LEFT_BRACE, "a metric or a brace");
            token = lexer.next();
            while (token.kind() != Kind.RIGHT_BRACE) {
                boolean quoted = token.kind() == Kind.STRING;
                require(quoted || token.kind() == Kind.IDENTIFIER, "a label");
                String name = quoted ? Literals.string(token.text()) : token.text();
                token = lexer.next();
                if (quoted && token.kind() != Kind.EQL) {
                    labels.put(Labels.METRIC_NAME, name);
                } else {
                    require(token.kind() == Kind.EQL, "=");
                    token = lexer.next();
                    require(token.kind() == Kind.STRING, "a label value");
                    labels.put(name, Literals.string(token.text()));
                    token = lexer.next();
                }
                if (token.kind() == Kind.COMMA) {
                    token = lexer.next();
                }
            }
            position = token.end();
            return Labels.of(labels);
        }

        List<Point> points() {
            List<Point> points = new ArrayList<>();
            skipSpace();
            while (position < text.length()) {
                item(points);
                require(position == text.length() || isSpace(), "a space");
                skipSpace();
            }
            return points;
        }

        private void item(List<Point> points) {
            if (accept("_")) {
                long times = accept("x") ? repetitions() : 1;
                for (long i = 0; i < times; i++) {
                    points.add(Point.OMITTED);
                }
            } else if (accept("{{")) {
                histograms(points, histogram());
            } else {
                floats(points);
            }
        }

        private void histograms(List<Point> points, NativeHistogram first) {
            NativeHistogram current = first;
            points.add(Point.of(current));
            if (accept("x")) {
                for (long i = repetitions(); i > 0; i--) {
                    points.add(Point.of(current));
                }
                return;
            }
            if (!accept("+{{") && !accept("-{{")) {
                return;
            }
            BinaryOperator<NativeHistogram> step = text.charAt(position - 3) == '+' ? add : subtract;
            NativeHistogram increment = histogram();
            require(accept("x"), "x");
            for (long i = repetitions(); i > 0; i--) {
                if (current.schema() > increment.schema()) {
                    throw new IllegalArgumentException("error combining histograms: cannot merge from schema "
                            + increment.schema() + " to " + current.schema());
                }
                current = step.apply(current, increment);
                points.add(Point.of(current));
            }
        }

        private void floats(List<Point> points) {
            double value = accept("stale") ? StaleMarker.VALUE : signed();
            double step = 0;
            if (position < text.length() && (text.charAt(position) == '+' || text.charAt(position) == '-')) {
                step = signed();
                require(position < text.length() && text.charAt(position) == 'x', "x");
            }
            points.add(Point.of(value));
            if (accept("x")) {
                for (long i = repetitions(); i > 0; i--) {
                    value = step == 0 ? value : value + step;
                    points.add(Point.of(value));
                }
            }
        }

        private long repetitions() {
            int from = position;
            while (position < text.length() && Character.isDigit(text.charAt(position))) {
                position++;
            }
            return Long.parseLong(text.substring(from, position));
        }

        private double signed() {
            boolean minus = accept("-");
            if (!minus) {
                accept("+");
            }
            double value = number();
            return minus ? -value : value;
        }

        private double number() {
            int from = position;
            while (position < text.length() && (isWord(text.charAt(position)) || isExponentSign(from))) {
                position++;
            }
            return Literals.number(text.substring(from, position));
        }

        /** Letters of Inf, NaN and exponents; x is none, since it begins a repetition. */
        private static boolean isWord(char c) {
            return Character.isDigit(c) || c == '.' || "InfNaEeiA".indexOf(c) >= 0;
        }

        private boolean isExponentSign(int from) {
            char c = text.charAt(position);
            char before = position > from ? text.charAt(position - 1) : ' ';
            return (c == '+' || c == '-') && (before == 'e' || before == 'E');
        }

        /** Reads up to and including the closing braces. */
        private NativeHistogram histogram() {
            int end = text.indexOf("}}", position);
            require(end >= 0, "}}");
            Map<String, String> keys = new HashMap<>();
            while (true) {
                skipSpace();
                if (accept("}}")) {
                    return build(keys);
                }
                int colon = text.indexOf(':', position);
                require(colon >= 0 && colon < end, "a key and a colon");
                String key = text.substring(position, colon);
                position = colon + 1;
                int stop = position;
                boolean list = text.charAt(position) == '[';
                while (stop < end && (list ? text.charAt(stop) != ']' : !Lexer.isSpace(text.charAt(stop)))) {
                    stop++;
                }
                String value = text.substring(list ? position + 1 : position, stop);
                if (keys.put(key, value.trim()) != null) {
                    throw new IllegalArgumentException("duplicate key \"" + key + "\" in histogram");
                }
                position = list ? stop + 1 : stop;
            }
        }

        private static NativeHistogram build(Map<String, String> keys) {
            NativeHistogram histogram = new NativeHistogram(
                    Integer.parseInt(keys.getOrDefault("schema", "0")),
                    value(keys.remove("count")),
                    value(keys.remove("sum")),
                    value(keys.remove("z_bucket_w")),
                    value(keys.remove("z_bucket")),
                    Integer.parseInt(keys.getOrDefault("offset", "0")),
                    values(keys.remove("buckets")),
                    Integer.parseInt(keys.getOrDefault("n_offset", "0")),
                    values(keys.remove("n_buckets")),
                    values(keys.remove("custom_values")),
                    hint(keys.remove("counter_reset_hint")));
            keys.keySet().removeAll(List.of("schema", "offset", "n_offset"));
            if (!keys.isEmpty()) {
                throw new IllegalArgumentException("bad histogram descriptor found: " + keys.keySet());
            }
            return histogram;
        }

        private static double value(String text) {
            if (text == null) {
                return 0;
            }
            return text.startsWith("-") ? -Literals.number(text.substring(1)) : Literals.number(text);
        }

        private static double[] values(String text) {
            if (text == null || text.isEmpty()) {
                return new double[0];
            }
            List<Double> values = new ArrayList<>();
            for (String value : text.split("\\s+", -1)) {
                values.add(value(value));
            }
            return values.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private static ResetHint hint(String text) {
            return switch (text == null ? "unknown" : text) {
                case "unknown" -> ResetHint.UNKNOWN;
                case "reset" -> ResetHint.RESET;
                case "not_reset" -> ResetHint.NOT_RESET;
                case "gauge" -> ResetHint.GAUGE;
                default -> throw new IllegalArgumentException("unknown counter reset hint " + text);
            };
        }

        private boolean accept(String expected) {
            if (text.startsWith(expected, position)) {
                position += expected.length();
                return true;
            }
            return false;
        }

        private boolean isSpace() {
            return Lexer.isSpace(text.charAt(position));
        }

        private void skipSpace() {
            while (position < text.length() && isSpace()) {
                position++;
            }
        }

        private void require(boolean holds, String expected) {
            if (!holds) {
                throw new IllegalArgumentException(
                        "expected " + expected + " at " + position + " of series description: " + text);
            }
        }
    }
}
