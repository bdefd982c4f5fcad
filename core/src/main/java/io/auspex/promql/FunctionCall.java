package io.auspex.promql;

import io.auspex.series.Labels;
import java.util.List;

/** One call of a function, with its arguments as they are asked for. */
public final class FunctionCall {
    private final Evaluator evaluator;
    private final Expr.Call node;

    FunctionCall(Evaluator evaluator, Expr.Call node) {
        this.evaluator = evaluator;
        this.node = node;
    }

    Evaluator evaluator() {
        return evaluator;
    }

    String name() {
        return node.function().name();
    }

    public Steps steps() {
        return evaluator.steps();
    }

    public int argumentCount() {
        return node.arguments().size();
    }

    /** The argument as written, without parentheses around it. */
    public Expr argument(int index) {
        return Exprs.unwrap(node.arguments().get(index));
    }

    /** The columns of an instant vector. */
    public List<SeriesColumn> vector(int index) {
        return evaluator.evaluate(node.arguments().get(index));
    }

    /** The values of a scalar, one per step. */
    public double[] scalar(int index) {
        return evaluator.scalar(node.arguments().get(index));
    }

    public String string(int index) {
        return Exprs.string(node.arguments().get(index));
    }

    public Annotations annotations() {
        return evaluator.annotations();
    }

    /** Where an argument stands in the query. */
    public Position position(int index) {
        return node.arguments().get(index).position();
    }

    /** Stops the query when its time is up; for functions that work long on one window. */
    public void check() {
        evaluator.run().check();
    }

    /** A new empty column. */
    public SeriesColumn column(Labels labels) {
        return evaluator.run().column(labels, steps());
    }

    /** The column as a result that is no longer the metric itself: without its name, now or at the end. */
    public SeriesColumn unnamed(SeriesColumn column) {
        return evaluator.unnamed(column);
    }

    boolean delayedNameRemoval() {
        return evaluator.run().delayedNameRemoval();
    }
}
