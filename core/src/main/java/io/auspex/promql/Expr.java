package io.auspex.promql;

import io.auspex.series.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the syntax tree of a query. Immutable; equality includes positions.
 *
 * <p>A tree that the parser returned is correctly typed and at most {@value #MAX_HEIGHT} high, so it may
 * be walked by recursion.
 */
public sealed interface Expr {
    /** The greatest number of nodes from the root to a leaf; what a server thread of 512 kB of stack can evaluate. */
    int MAX_HEIGHT = 200;

    Position position();

    ValueType type();

    /** The expressions below this one, in the order of the text. */
    List<Expr> children();

    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of node. */
    interface Visitor<R> {
        R number(NumberLiteral node);

        R string(StringLiteral node);

        R vector(VectorSelector node);

        R matrix(MatrixSelector node);

        R subquery(Subquery node);

        R aggregation(Aggregation node);

        R call(Call node);

        R binary(Binary node);

        R unary(Unary node);

        R parens(Parens node);

        R stepInvariant(StepInvariant node);
    }

    /**
     * A number.
     *
     * @param duration whether it was written as a duration ({@code 5m}), in which case the value is in seconds
     */
    record NumberLiteral(Position position, double value, boolean duration) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.number(this);
        }
    }

    /** A string, unescaped. */
    record StringLiteral(Position position, String value) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.string(this);
        }
    }

    /**
     * An instant vector from storage.
     *
     * @param name the metric name written before the braces; empty when it is only among the matchers
     * @param matchers all matchers, the one of the name included
     * @param offset how far to look into the past; negative looks into the future
     * @param at a fixed evaluation time, null without
     */
    record VectorSelector(
            Position position,
            String name,
            List<Matcher> matchers,
            DurationExpr offset,
            @Nullable At at) implements Expr {
        public VectorSelector {
            matchers = List.copyOf(matchers);
        }

        /** The offset in milliseconds. */
        public long offsetMillis() {
            return offset.millis();
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.vector(this);
        }
    }

    /** A range vector from storage; offset and {@code @} are those of its vector. */
    record MatrixSelector(Position position, VectorSelector vector, DurationExpr range) implements Expr {
        /** The length of the left-open range in milliseconds, more than zero. */
        public long rangeMillis() {
            return range.positiveMillis();
        }

        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public List<Expr> children() {
            return List.of(vector);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.matrix(this);
        }
    }

    /**
     * A range vector made by evaluating an expression at many times.
     *
     * @param step null for the default evaluation interval
     */
    record Subquery(
            Position position,
            Expr expr,
            DurationExpr range,
            @Nullable DurationExpr step,
            DurationExpr offset,
            @Nullable At at)
            implements Expr {
        /** The length of the left-open range in milliseconds, more than zero. */
        public long rangeMillis() {
            return range.positiveMillis();
        }

        /** The step in milliseconds, more than zero; the given one when none was written. */
        public long stepMillis(long defaultMillis) {
            return step == null ? defaultMillis : step.positiveMillis();
        }

        /** The offset in milliseconds. */
        public long offsetMillis() {
            return offset.millis();
        }

        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.subquery(this);
        }
    }

    /**
     * An aggregation.
     *
     * @param parameter as the {@code 5} of {@code topk(5, v)}; null for operations that take none
     * @param grouping labels of the {@code by} or {@code without} clause
     */
    record Aggregation(
            Position position,
            AggregateOp op,
            Expr expr,
            @Nullable Expr parameter,
            List<String> grouping,
            boolean without)
            implements Expr {
        public Aggregation {
            grouping = List.copyOf(grouping);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public List<Expr> children() {
            return parameter == null ? List.of(expr) : List.of(parameter, expr);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.aggregation(this);
        }
    }

    /** A function call. */
    record Call(Position position, Function function, List<Expr> arguments) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public ValueType type() {
            return function.returns();
        }

        @Override
        public List<Expr> children() {
            return arguments;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.call(this);
        }
    }

    /**
     * An operation between two expressions.
     *
     * @param matching null unless both sides are instant vectors
     * @param bool whether a comparison answers 0 or 1 instead of filtering
     * @param type scalar when both sides are, otherwise instant vector
     */
    record Binary(
            Position position,
            BinaryOp op,
            Expr left,
            Expr right,
            @Nullable VectorMatching matching,
            boolean bool,
            ValueType type)
            implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(left, right);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.binary(this);
        }
    }

    /** A sign; {@code op} is ADD or SUB. */
    record Unary(Position position, BinaryOp op, Expr expr, ValueType type) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(expr);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unary(this);
        }
    }

    /** An expression in parentheses. */
    record Parens(Position position, Expr expr, ValueType type) implements Expr {
        @Override
        public List<Expr> children() {
            return List.of(expr);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.parens(this);
        }
    }

    /** An expression whose value is the same at every step of the query; made by the evaluator, not by the parser. */
    record StepInvariant(Expr expr) implements Expr {
        @Override
        public Position position() {
            return expr.position();
        }

        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.stepInvariant(this);
        }
    }
}
