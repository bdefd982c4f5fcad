package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.ReadHint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The implementations of the language's functions by name. Immutable.
 *
 * <p>Other capabilities add theirs with a {@link Builder}; the evaluator knows only this table.
 */
public final class FunctionRegistry {
    private static final FunctionRegistry STANDARD = standardBuilder().build();

    /** Range functions that aggregates can serve. */
    private static final Map<String, ReadHint.Use> USES = Map.of(
            "min_over_time", ReadHint.Use.MIN,
            "max_over_time", ReadHint.Use.MAX,
            "sum_over_time", ReadHint.Use.SUM,
            "avg_over_time", ReadHint.Use.AVERAGE,
            "count_over_time", ReadHint.Use.COUNT,
            "last_over_time", ReadHint.Use.LAST,
            "present_over_time", ReadHint.Use.LAST,
            "increase", ReadHint.Use.INCREASE,
            "rate", ReadHint.Use.INCREASE);

    private final Map<String, VectorFunction> vectorFunctions;
    private final Map<String, RangeFunction> rangeFunctions;

    private FunctionRegistry(Builder builder) {
        vectorFunctions = Map.copyOf(builder.vectorFunctions);
        rangeFunctions = Map.copyOf(builder.rangeFunctions);
    }

    /** The functions of the language version, experimental ones included. */
    public static FunctionRegistry standard() {
        return STANDARD;
    }

    private static Builder standardBuilder() {
        Builder builder = new Builder();
        RateFunctions.register(builder);
        OverTimeFunctions.register(builder);
        ChangeFunctions.register(builder);
        RegressionFunctions.register(builder);
        MathFunctions.register(builder);
        DateFunctions.register(builder);
        ScalarFunctions.register(builder);
        SortFunctions.register(builder);
        LabelFunctions.register(builder);
        HistogramFunctions.register(builder);
        AbsentFunctions.register(builder);
        InfoFunction.register(builder);
        return builder;
    }

    /** A builder that begins with these functions. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.vectorFunctions.putAll(vectorFunctions);
        builder.rangeFunctions.putAll(rangeFunctions);
        return builder;
    }

    /** Collects functions. */
    public static final class Builder {
        private final Map<String, VectorFunction> vectorFunctions = new HashMap<>();
        private final Map<String, RangeFunction> rangeFunctions = new HashMap<>();

        private Builder() {}

        public Builder vector(String name, VectorFunction function) {
            claim(name);
            vectorFunctions.put(name, function);
            return this;
        }

        public Builder range(String name, RangeFunction function) {
            claim(name);
            rangeFunctions.put(name, function);
            return this;
        }

        private void claim(String name) {
            if (vectorFunctions.containsKey(name) || rangeFunctions.containsKey(name)) {
                throw new IllegalArgumentException("there is already a function " + name);
            }
        }

        public FunctionRegistry build() {
            return new FunctionRegistry(this);
        }
    }

    /** Whether there is an implementation of a name. */
    public boolean has(String name) {
        return vectorFunctions.containsKey(name) || rangeFunctions.containsKey(name);
    }

    List<SeriesColumn> evaluate(Evaluator evaluator, Expr.Call node) {
        String name = node.function().name();
        FunctionCall call = new FunctionCall(evaluator, node);
        VectorFunction vector = vectorFunctions.get(name);
        if (vector != null) {
            return vector.apply(call);
        }
        RangeFunction range = rangeFunctions.get(name);
        if (range == null) {
            throw QueryException.execution("function " + name + " is not available");
        }
        return evaluate(call, range);
    }

    /** Whether a call is of a range function that works series by series. */
    boolean streams(Expr.Call node) {
        RangeFunction function = rangeFunctions.get(node.function().name());
        return function != null && !function.needsAllSeries();
    }

    /**
     * Hands over the columns of a call that {@link #streams} one after the other in the same column.
     */
    void stream(Evaluator evaluator, Expr.Call node, Consumer<SeriesColumn> consumer) {
        RangeFunction function =
                Objects.requireNonNull(rangeFunctions.get(node.function().name()));
        FunctionCall call = new FunctionCall(evaluator, node);
        Map<Labels, long[]> seen = new HashMap<>();
        each(call, function, column -> {
            if (!call.delayedNameRemoval()) {
                refuseOverlap(seen, column);
            }
            consumer.accept(column);
            return false;
        });
    }

    /** Two series without their names may be one; it is an error when they have points at the same step. */
    private static void refuseOverlap(Map<Labels, long[]> seen, SeriesColumn column) {
        long[] words = column.present();
        long[] before = seen.putIfAbsent(column.labels(), words.clone());
        for (int word = 0; before != null && word < words.length; word++) {
            if ((before[word] & words[word]) != 0) {
                throw QueryException.duplicateLabels();
            }
            before[word] |= words[word];
        }
    }

    private static List<SeriesColumn> evaluate(FunctionCall call, RangeFunction function) {
        List<SeriesColumn> columns = new ArrayList<>();
        each(call, function, column -> {
            call.evaluator().run().hold(column);
            return columns.add(column);
        });
        List<SeriesColumn> result = function.finish(call, columns);
        return call.delayedNameRemoval() ? result : MetricLabels.merge(result);
    }

    /** Hands over each column of a call; one that is not kept is used again. */
    private static void each(FunctionCall call, RangeFunction function, Predicate<SeriesColumn> keeps) {
        Evaluator evaluator = call.evaluator();
        Evaluation run = evaluator.run();
        RangeKernel kernel = function.open(call);
        @Nullable SeriesColumn[] spare = new SeriesColumn[1];
        Selector.WindowConsumer consumer = (labels, window) -> {
            SeriesColumn column = spare[0];
            if (column == null) {
                run.reserve(call.steps());
                column = new SeriesColumn(labels, call.steps());
            } else {
                column.reset(labels);
            }
            slide(run, kernel, window, column);
            boolean kept = !column.isEmpty() && keeps.test(function.keepsName() ? column : evaluator.unnamed(column));
            spare[0] = kept ? null : column;
        };
        Selector selector = new Selector(run, call.steps());
        Expr range = rangeArgument(call);
        if (range instanceof Expr.Subquery subquery) {
            selector.windows(subquery, evaluator.evaluate(subquery), consumer);
        } else {
            selector.windows(
                    (Expr.MatrixSelector) range, USES.getOrDefault(call.name(), ReadHint.Use.SAMPLES), consumer);
        }
    }

    private static void slide(Evaluation run, RangeKernel kernel, Window window, SeriesColumn column) {
        kernel.begin(column.labels(), window);
        long[] perStep = run.samplesPerStep(column.steps());
        if (perStep.length == 0 && kernel.appliesAtOnce() && window.hasFloatsOnly()) {
            slideAtOnce(run, kernel, window, column);
            return;
        }
        long touched = 0;
        long widest = 0;
        for (int step = 0; step < column.slots(); step++) {
            window.moveTo(step);
            if (!window.isEmpty()) {
                long weight = window.weight();
                touched += weight;
                if (perStep.length > 0) {
                    perStep[step] += weight;
                }
                run.work(weight);
                widest = Math.max(widest, weight);
                kernel.apply(window, step, column);
            }
        }
        count(run, touched, widest);
        kernel.end(column);
    }

    private static void slideAtOnce(Evaluation run, RangeKernel kernel, Window window, SeriesColumn column) {
        int[] bounds = window.bounds();
        long touched = 0;
        long widest = 0;
        for (int step = 0; step < column.slots(); step++) {
            long weight = (long) bounds[2 * step + 1] - bounds[2 * step];
            touched += weight;
            widest = Math.max(widest, weight);
        }
        run.work(touched);
        kernel.applyAll(window, bounds, column);
        count(run, touched, widest);
        kernel.end(column);
    }

    private static void count(Evaluation run, long touched, long widest) {
        run.countTouched(touched);
        long samples = run.heldSamples();
        long bytes = run.heldBytes();
        run.hold(widest, 16 * widest);
        run.release(samples, bytes);
    }

    private static Expr rangeArgument(FunctionCall call) {
        for (int i = 0; i < call.argumentCount(); i++) {
            Expr argument = call.argument(i);
            if (argument.type() == ValueType.MATRIX) {
                return argument;
            }
        }
        throw new IllegalArgumentException("a range function without a range vector");
    }
}
