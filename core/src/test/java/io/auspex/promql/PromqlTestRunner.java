package io.auspex.promql;

import io.auspex.platform.AuspexException;
import io.auspex.promql.PromqlScript.Eval;
import io.auspex.promql.PromqlScript.Expectation;
import io.auspex.series.MemorySampleReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs language test scripts as the reference runs them: each instant query again as the middle step of a
 * range query, and again at other times with its selectors pinned by {@code @}.
 *
 * <p>{@code main FOLDER} prints passed and failed per script, each failure with what was expected and got, and
 * {@code N passed, M failed} as its last line.
 */
public final class PromqlTestRunner {
    private static final long MINUTE = 60_000;
    private static final QueryOptions OPTIONS = QueryOptions.STANDARD
            .with(Dialect.EXTENDED)
            .with(new QueryLimits(10_000, Integer.MAX_VALUE, Long.MAX_VALUE));

    private final Engine engine = new Engine();
    private final MemorySampleReader samples = new MemorySampleReader();

    /** What became of one script. */
    record Outcome(String script, int passed, List<String> failures) {}

    /** What did not come out as expected. */
    private static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message);
        }
    }

    private PromqlTestRunner() {}

    static Outcome run(Path file) {
        try {
            return run(String.valueOf(file.getFileName()), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Outcome run(String name, String script) {
        return new PromqlTestRunner().play(name, script);
    }

    static List<Path> scripts(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".test"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] arguments) {
        int passed = 0;
        int failed = 0;
        for (Path script : scripts(Path.of(arguments[0]))) {
            Outcome outcome = run(script);
            System.out.println(outcome.script() + ": " + outcome.passed() + " passed, "
                    + outcome.failures().size() + " failed");
            outcome.failures().forEach(failure -> System.out.println("  " + failure.replace("\n", "\n    ")));
            passed += outcome.passed();
            failed += outcome.failures().size();
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private Outcome play(String name, String text) {
        int passed = 0;
        List<String> failures = new ArrayList<>();
        for (PromqlScript.Command command : PromqlScript.parse(text).commands()) {
            if (command instanceof PromqlScript.Clear) {
                samples.clear();
            } else if (command instanceof PromqlScript.Load load) {
                load(load);
            } else if (command instanceof Eval eval) {
                String failure = failure(eval);
                if (failure.isEmpty()) {
                    passed++;
                } else {
                    failures.add(name + ":" + eval.line() + ": " + eval.query() + "\n" + failure);
                }
            }
        }
        return new Outcome(name, passed, failures);
    }

    private void load(PromqlScript.Load load) {
        for (SeriesDescription series : load.series()) {
            for (int i = 0; i < series.points().size(); i++) {
                SeriesDescription.Point point = series.points().get(i);
                long time = i * load.gapMillis();
                if (point.histogram() != null) {
                    samples.append(series.labels(), time, point.histogram());
                } else if (!point.omitted()) {
                    samples.append(series.labels(), time, point.value());
                }
            }
        }
        if (load.customBuckets()) {
            ClassicToCustom.store(load, samples);
        }
    }

    /** What is wrong with an evaluation; empty when nothing is. */
    private String failure(Eval eval) {
        String query = eval.query();
        try {
            Expr expr = Parser.parse(query, OPTIONS.dialect());
            if (eval.range()) {
                check(eval, () -> range(eval, expr, eval.start(), eval.end(), eval.step()), true);
                return "";
            }
            instant(eval, query, expr, eval.start());
            Expr pinned = AtVariants.pinned(expr, eval.start());
            if (pinned != null) {
                for (long time : otherTimes(eval.start())) {
                    instant(eval, query + " pinned, at " + time, pinned, time);
                }
            }
            return "";
        } catch (ParseException e) {
            return matchesFailure(eval, e.detail()) ? "" : "got error: " + e.detail();
        } catch (Mismatch e) {
            return String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            java.io.StringWriter trace = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(trace));
            return trace.toString().lines().limit(12).reduce("", (a, b) -> a + b + "\n");
        }
    }

    private static long[] otherTimes(long time) {
        return time == 0 ? new long[] {-1000, 0, 1000} : new long[] {-10 * time, 0, time / 5, time, 10 * time};
    }

    private void instant(Eval eval, String description, Expr expr, long time) {
        try {
            boolean evaluated = check(eval, () -> engine.instant(eval.query(), expr, samples, time, OPTIONS), false);
            boolean comparable = evaluated && eval.string() == null && expr.type() != ValueType.MATRIX;
            if (comparable && !eval.expects("ordered")) {
                Result around = range(eval, expr, time - MINUTE, time + MINUTE, MINUTE);
                Comparison.sorted(around.series());
                Comparison.vector(eval, around.series(), 1, expr.type() == ValueType.SCALAR);
            }
        } catch (Mismatch | Comparison.Difference e) {
            throw new Mismatch(description + "\n" + e.getMessage());
        }
    }

    private Result range(Eval eval, Expr expr, long start, long end, long step) {
        return engine.range(eval.query(), expr, samples, Steps.range(start, end, step), OPTIONS);
    }

    /** Evaluates and compares; false when it failed as expected. */
    private boolean check(Eval eval, java.util.function.Supplier<Result> evaluation, boolean range) {
        Result result;
        try {
            result = evaluation.get();
        } catch (AuspexException e) {
            if (!matchesFailure(eval, e.detail())) {
                throw new Mismatch("expected " + (eval.expects("fail") ? eval.expectations("fail") : "a result")
                        + "\ngot error: " + e.detail());
            }
            return false;
        }
        if (eval.expects("fail")) {
            throw new Mismatch("expected " + eval.expectations("fail") + "\ngot " + result.series());
        }
        annotations(eval, "warn", "no_warn", withoutPlace(result.warnings()));
        annotations(eval, "info", "no_info", withoutPlace(result.infos()));
        try {
            if (eval.string() != null) {
                Comparison.string(eval.string(), result);
            } else if (range || result.type() == ValueType.MATRIX) {
                Comparison.sorted(result.series());
                Comparison.matrix(eval, result.series());
            } else {
                Comparison.vector(eval, result.series(), 0, result.type() == ValueType.SCALAR);
            }
        } catch (Comparison.Difference e) {
            throw new Mismatch(String.valueOf(e.getMessage()));
        }
        return true;
    }

    private static boolean matchesFailure(Eval eval, String message) {
        return eval.expects("fail")
                && eval.expectations("fail").stream().allMatch(expected -> expected.matches(message));
    }

    private static List<String> withoutPlace(List<String> annotations) {
        return annotations.stream()
                .map(text -> text.replaceFirst(" \\(\\d+:\\d+\\)$", ""))
                .toList();
    }

    /** Each expected annotation must be there, and each one that is there must be expected, if any is. */
    private static void annotations(Eval eval, String kind, String none, List<String> texts) {
        List<Expectation> expected = eval.expectations(kind);
        if (eval.expects(none) && !texts.isEmpty()) {
            throw new Mismatch("expected no " + kind + "\ngot " + texts);
        }
        for (Expectation each : expected) {
            if (texts.stream().noneMatch(each::matches)) {
                throw new Mismatch("expected " + kind + " " + each + "\ngot " + texts);
            }
        }
        for (String text : expected.isEmpty() ? List.<String>of() : texts) {
            if (expected.stream().noneMatch(each -> each.matches(text))) {
                throw new Mismatch("expected " + expected + "\ngot " + kind + " " + text);
            }
        }
    }
}
