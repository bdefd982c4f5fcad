package io.auspex.promql;

import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Evaluates expressions over all steps at once: each node becomes a list of columns, one per series, that
 * its parent owns and may change in place.
 *
 * <p>A scalar is one full column without labels.
 */
final class Evaluator implements Expr.Visitor<List<SeriesColumn>> {
    private final Evaluation run;
    private final Steps steps;

    Evaluator(Evaluation run, Steps steps) {
        this.run = run;
        this.steps = steps;
    }

    Evaluation run() {
        return run;
    }

    Steps steps() {
        return steps;
    }

    Annotations annotations() {
        return run.annotations();
    }

    List<SeriesColumn> evaluate(Expr node) {
        run.check();
        if (steps.count() == 0) {
            return new ArrayList<>();
        }
        long samples = run.heldSamples();
        long bytes = run.heldBytes();
        run.profile().enter(node);
        List<SeriesColumn> columns = node.accept(this);
        run.profile().leave(columns.size());
        run.release(samples, bytes);
        run.hold(columns);
        return columns;
    }

    /**
     * Hands over the columns of an expression one by one, where possible without holding them all. The receiver
     * neither keeps nor changes a column.
     */
    void stream(Expr node, Consumer<SeriesColumn> consumer) {
        run.check();
        if (steps.count() == 0) {
            return;
        }
        Expr inner = node;
        while (inner instanceof Expr.Parens parens) {
            inner = parens.expr();
        }
        if (inner instanceof Expr.VectorSelector selector) {
            new Selector(run, steps).stream(selector, consumer);
        } else if (inner instanceof Expr.Call call && run.functions().streams(call)) {
            Consumer<SeriesColumn> receiver = run.profile().outside(consumer);
            run.profile().enter(call);
            run.functions().stream(this, call, receiver);
            run.profile().leave();
        } else {
            evaluate(inner).forEach(consumer);
        }
    }

    /** The values of a scalar expression, one per step. */
    double[] scalar(Expr node) {
        List<SeriesColumn> columns = evaluate(node);
        return columns.isEmpty() ? new double[0] : columns.get(0).values();
    }

    @Override
    public List<SeriesColumn> number(Expr.NumberLiteral node) {
        return constant(node.value());
    }

    List<SeriesColumn> constant(double value) {
        SeriesColumn column = run.column(Labels.EMPTY, steps);
        column.fill(value);
        return listOf(column);
    }

    @Override
    public List<SeriesColumn> string(Expr.StringLiteral node) {
        throw new IllegalStateException("a string has no columns");
    }

    @Override
    public List<SeriesColumn> vector(Expr.VectorSelector node) {
        return new Selector(run, steps).instants(node);
    }

    @Override
    public List<SeriesColumn> matrix(Expr.MatrixSelector node) {
        return new Selector(run, steps).raw(node);
    }

    /** The columns at the steps of the subquery itself, which cover its range before each step of this evaluation. */
    @Override
    public List<SeriesColumn> subquery(Expr.Subquery node) {
        At at = node.at();
        long offset = node.offsetMillis();
        long first = (at == null ? steps.start() : run.resolve(at)) - offset;
        long last = (at == null ? steps.end() : run.resolve(at)) - offset;
        long interval = node.stepMillis(run.options().subqueryStepMillis());
        long open = first - node.rangeMillis();
        long start = interval * (open / interval);
        if (start <= open) {
            start += interval;
        }
        return new Evaluator(run, Steps.range(start, last, interval)).evaluate(node.expr());
    }

    @Override
    public List<SeriesColumn> aggregation(Expr.Aggregation node) {
        return Aggregations.evaluate(this, node);
    }

    @Override
    public List<SeriesColumn> call(Expr.Call node) {
        return run.functions().evaluate(this, node);
    }

    @Override
    public List<SeriesColumn> binary(Expr.Binary node) {
        return BinaryOperations.evaluate(this, node);
    }

    @Override
    public List<SeriesColumn> unary(Expr.Unary node) {
        List<SeriesColumn> columns = evaluate(node.expr());
        return node.op() == BinaryOp.SUB ? BinaryOperations.negate(this, columns) : columns;
    }

    @Override
    public List<SeriesColumn> parens(Expr.Parens node) {
        return evaluate(node.expr());
    }

    @Override
    public List<SeriesColumn> stepInvariant(Expr.StepInvariant node) {
        List<SeriesColumn> once = new Evaluator(run, steps.first()).evaluate(node.expr());
        List<SeriesColumn> columns = new ArrayList<>(once.size());
        for (SeriesColumn column : once) {
            run.reserve(steps);
            SeriesColumn repeated = new SeriesColumn(column.labels(), steps);
            repeated.dropName(column.dropName());
            if (column.histogram(0) == null) {
                repeated.fill(column.value(0));
            } else {
                for (int step = 0; step < steps.count(); step++) {
                    repeated.copy(column, 0, step);
                }
            }
            columns.add(repeated);
            run.hold(repeated);
        }
        return columns;
    }

    /** The labels of a result that is no longer the metric itself: without name, now or at the end. */
    SeriesColumn unnamed(SeriesColumn column) {
        if (!run.delayedNameRemoval()) {
            column.relabel(MetricLabels.dropMetadata(column.labels()));
        }
        column.dropName(true);
        return column;
    }

    static List<SeriesColumn> listOf(SeriesColumn column) {
        List<SeriesColumn> list = new ArrayList<>(1);
        list.add(column);
        return list;
    }
}
