package io.auspex.promql;

import io.auspex.series.Labels;
import io.auspex.series.SampleReader;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Evaluates queries over the samples of one tenant. Thread-safe; each query runs on its caller's thread.
 *
 * <p>Failures are {@link ParseException} for what is not of the language and {@link QueryException} for what
 * cannot be evaluated or would exceed a limit. Warnings and hints are part of the {@link Result}.
 */
public final class Engine {
    private final FunctionRegistry functions;

    /** An engine with the functions of the language version. */
    public Engine() {
        this(FunctionRegistry.standard());
    }

    public Engine(FunctionRegistry functions) {
        this.functions = functions;
    }

    /** The value of a query at one time. */
    public Result instant(String query, SampleReader reader, long epochMillis, QueryOptions options) {
        return instant(query, Parser.parse(query, options.dialect()), reader, epochMillis, options);
    }

    /**
     * The value of a parsed query at one time.
     *
     * @param query the text that was parsed, by which annotations name places; empty to leave places out
     */
    public Result instant(String query, Expr expr, SampleReader reader, long epochMillis, QueryOptions options) {
        Steps steps = Steps.at(epochMillis);
        if (expr instanceof Expr.StringLiteral literal) {
            return new Result(ValueType.STRING, List.of(), literal.value(), List.of(), List.of(), QueryStatistics.NONE);
        }
        return run(query, expr, reader, steps, options, expr.type());
    }

    /** The values of a query from start to end, both inclusive, one per step. */
    public Result range(
            String query,
            SampleReader reader,
            long startMillis,
            long endMillis,
            long stepMillis,
            QueryOptions options) {
        Expr expr = Parser.parse(query, options.dialect());
        return range(query, expr, reader, Steps.range(startMillis, endMillis, stepMillis), options);
    }

    /**
     * The values of a parsed query at each step.
     *
     * @param query the text that was parsed, by which annotations name places; empty to leave places out
     */
    public Result range(String query, Expr expr, SampleReader reader, Steps steps, QueryOptions options) {
        if (expr.type() != ValueType.VECTOR && expr.type() != ValueType.SCALAR) {
            throw QueryException.badData("invalid expression type \""
                    + expr.type().documented() + "\" for range query, must be Scalar or instant Vector");
        }
        return run(query, expr, reader, steps, options, ValueType.MATRIX);
    }

    private Result run(
            String query, Expr expr, SampleReader reader, Steps steps, QueryOptions options, ValueType type) {
        Evaluation run = new Evaluation(query, reader, options, steps, functions);
        Expr plan = StepInvariants.wrap(expr);
        List<SeriesColumn> columns = new Evaluator(run, steps).evaluate(plan);
        if (options.dialect().delayedNameRemoval()) {
            columns = withoutDroppedNames(columns);
        }
        if (type == ValueType.MATRIX) {
            columns.sort(Comparator.comparing(SeriesColumn::labels));
        }
        Annotations annotations = run.annotations();
        return new Result(
                type,
                List.copyOf(columns),
                "",
                annotations.warnings(query),
                annotations.infos(query),
                run.statistics(),
                options.plan() ? Optional.of(PlanNode.of(plan, run.profile())) : Optional.empty());
    }

    private static List<SeriesColumn> withoutDroppedNames(List<SeriesColumn> columns) {
        for (SeriesColumn column : columns) {
            if (column.dropName()) {
                Labels labels = column.labels();
                column.relabel(MetricLabels.dropMetadata(labels));
            }
        }
        return MetricLabels.merge(columns);
    }
}
