package io.auspex.promql;

import io.auspex.histogram.HistogramSum;
import io.auspex.platform.PromDuration;
import io.auspex.series.NativeHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script of the reference's language tests: {@code load}, {@code clear} and {@code eval} commands with what
 * they expect.
 */
record PromqlScript(List<Command> commands) {
    private static final Pattern LOAD = Pattern.compile("load(?:_(with_nhcb))?\\s+(.+?)");
    private static final Pattern INSTANT =
            Pattern.compile("eval(?:_(fail|warn|ordered|info))?\\s+instant\\s+(?:at\\s+(.+?))?\\s+(.+)");
    private static final Pattern RANGE = Pattern.compile(
            "eval(?:_(fail|warn|info))?\\s+range\\s+from\\s+(.+)\\s+to\\s+(.+)\\s+step\\s+(.+?)\\s+(.+)");
    private static final Pattern EXPECT =
            Pattern.compile("expect\\s+(ordered|fail|warn|no_warn|info|no_info)(?:\\s+(regex|msg):(.+))?");

    /** One step of a script. */
    sealed interface Command {}

    /** Forgets all series. */
    record Clear() implements Command {}

    /** Stores series, one point per gap from the epoch on. */
    record Load(long gapMillis, boolean customBuckets, List<SeriesDescription> series) implements Command {}

    /**
     * Evaluates a query; start and end are equal for an instant query.
     *
     * @param string the expected string, null without
     */
    record Eval(
            int line,
            String query,
            boolean range,
            long start,
            long end,
            long step,
            List<Expectation> expectations,
            Double scalar,
            String string,
            List<SeriesDescription> series)
            implements Command {
        boolean expects(String kind) {
            return expectations.stream().anyMatch(each -> each.kind.equals(kind));
        }

        List<Expectation> expectations(String kind) {
            return expectations.stream().filter(each -> each.kind.equals(kind)).toList();
        }
    }

    /** An {@code expect} line: the kind and what its message must be; null when anything will do. */
    record Expectation(String kind, String message, Pattern regex) {
        boolean matches(String text) {
            if (message != null) {
                return message.equals(text);
            }
            return regex == null || regex.matcher(text).find();
        }
    }

    static PromqlScript parse(String text) {
        return new Reader(text).read();
    }

    static SeriesDescription series(String line) {
        return SeriesDescription.parse(line, PromqlScript::add, PromqlScript::subtract);
    }

    private static NativeHistogram add(NativeHistogram a, NativeHistogram b) {
        HistogramSum sum = HistogramSum.of(a);
        sum.add(b);
        return sum.toHistogram();
    }

    private static NativeHistogram subtract(NativeHistogram a, NativeHistogram b) {
        HistogramSum difference = HistogramSum.of(a);
        difference.subtract(b);
        return difference.toHistogram();
    }

    private static final class Reader {
        private final String[] lines;
        private int next;

        Reader(String text) {
            lines = text.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                String line = lines[i].strip();
                lines[i] = line.startsWith("#") ? "" : line;
            }
        }

        PromqlScript read() {
            List<Command> commands = new ArrayList<>();
            while (next < lines.length) {
                String line = lines[next++];
                if (line.equals("clear")) {
                    commands.add(new Clear());
                } else if (line.startsWith("load")) {
                    commands.add(load(line));
                } else if (line.startsWith("eval")) {
                    commands.add(eval(line));
                } else if (!line.isEmpty()) {
                    throw new IllegalArgumentException("line " + next + ": invalid command " + line);
                }
            }
            return new PromqlScript(commands);
        }

        private Load load(String line) {
            Matcher parts = matcher(LOAD, line);
            List<SeriesDescription> series = new ArrayList<>();
            while (next < lines.length && !lines[next].isEmpty()) {
                series.add(series(lines[next++]));
            }
            return new Load(PromDuration.parseMillis(parts.group(2)), parts.group(1) != null, series);
        }

        private Matcher matcher(Pattern pattern, String line) {
            Matcher matcher = pattern.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("line " + next + ": not " + pattern + ": " + line);
            }
            return matcher;
        }

        private Eval eval(String line) {
            int number = next;
            Matcher instant = INSTANT.matcher(line);
            boolean isInstant = instant.matches();
            Matcher parts = isInstant ? instant : matcher(RANGE, line);
            long start = PromDuration.parseMillis(parts.group(2));
            long end = isInstant ? start : PromDuration.parseMillis(parts.group(3));
            long step = isInstant ? 1 : PromDuration.parseMillis(parts.group(4));
            List<Expectation> expectations = new ArrayList<>();
            if (parts.group(1) != null) {
                expectations.add(new Expectation(parts.group(1), null, null));
            }
            List<SeriesDescription> series = new ArrayList<>();
            Double scalar = null;
            String string = null;
            while (next < lines.length && !lines[next].isEmpty()) {
                String expected = lines[next++];
                if (expected.startsWith("expected_fail_message ")) {
                    String message = expected.substring("expected_fail_message ".length())
                            .strip();
                    expectations.add(new Expectation("fail", message, null));
                } else if (expected.startsWith("expected_fail_regexp ")) {
                    String regex =
                            expected.substring("expected_fail_regexp ".length()).strip();
                    expectations.add(new Expectation("fail", null, Pattern.compile(regex)));
                } else if (expected.startsWith("expect string ")) {
                    string = Literals.string(expected.substring("expect string ".length()));
                } else if (expected.startsWith("expect ")) {
                    expectations.add(expectation(expected));
                } else if (isNumber(expected)) {
                    scalar = number(expected);
                } else {
                    series.add(series(expected));
                }
            }
            return new Eval(
                    number,
                    parts.group(isInstant ? 3 : 5),
                    !isInstant,
                    start,
                    end,
                    step,
                    expectations,
                    scalar,
                    string,
                    series);
        }

        private Expectation expectation(String line) {
            Matcher parts = matcher(EXPECT, line);
            if (parts.group(2) == null) {
                return new Expectation(parts.group(1), null, null);
            }
            String text = parts.group(3).strip();
            return parts.group(2).equals("msg")
                    ? new Expectation(parts.group(1), text, null)
                    : new Expectation(parts.group(1), null, Pattern.compile(text));
        }

        private static boolean isNumber(String line) {
            return line.matches("[+-]?(0x[0-9a-fA-F]+|[0-9.]+([eE][+-]?[0-9]+)?|[iI]nf|NaN|nan)");
        }

        private static double number(String line) {
            boolean minus = line.startsWith("-");
            double value = Literals.number(minus || line.startsWith("+") ? line.substring(1) : line);
            return minus ? -value : value;
        }
    }
}
