package io.auspex.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the parts of a query that are the same at every step, since all their selectors stand at a fixed
 * time, and wraps each so that it is evaluated once.
 */
final class StepInvariants {
    /** Functions that look at the evaluation time itself, or at series of that time. */
    private static final Set<String> TIME_DEPENDENT = Set.of(
            "days_in_month",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "hour",
            "minute",
            "month",
            "year",
            "predict_linear",
            "time",
            "timestamp",
            "info");

    private StepInvariants() {}

    /** Whether a function's result may change with the evaluation time although its arguments do not. */
    static boolean isTimeDependent(String function) {
        return TIME_DEPENDENT.contains(function);
    }

    static Expr wrap(Expr node) {
        return node.accept(new Wrapper());
    }

    private static boolean isInvariant(Expr node) {
        if (node instanceof Expr.VectorSelector selector) {
            return selector.at() != null;
        }
        if (node instanceof Expr.Subquery subquery) {
            return subquery.at() != null;
        }
        if (node instanceof Expr.Call call && isTimeDependent(call.function().name())) {
            return false;
        }
        return node.children().stream().allMatch(StepInvariants::isInvariant);
    }

    private static boolean isWorthIt(Expr node) {
        return !Exprs.isLiteral(Exprs.unwrap(node)) && node.type() != ValueType.MATRIX;
    }

    private static final class Wrapper implements Expr.Visitor<Expr> {
        private Expr visit(Expr node) {
            return isWorthIt(node) && isInvariant(node) ? new Expr.StepInvariant(node) : node.accept(this);
        }

        private List<Expr> visit(List<Expr> nodes) {
            List<Expr> visited = new ArrayList<>(nodes.size());
            nodes.forEach(node -> visited.add(visit(node)));
            return visited;
        }

        @Override
        public Expr number(Expr.NumberLiteral node) {
            return node;
        }

        @Override
        public Expr string(Expr.StringLiteral node) {
            return node;
        }

        @Override
        public Expr vector(Expr.VectorSelector node) {
            return node.at() == null ? node : new Expr.StepInvariant(node);
        }

        @Override
        public Expr matrix(Expr.MatrixSelector node) {
            return node;
        }

        @Override
        public Expr subquery(Expr.Subquery node) {
            return new Expr.Subquery(
                    node.position(), visit(node.expr()), node.range(), node.step(), node.offset(), node.at());
        }

        @Override
        public Expr aggregation(Expr.Aggregation node) {
            if (isInvariant(node)) {
                return new Expr.StepInvariant(node);
            }
            Expr parameter = node.parameter();
            return new Expr.Aggregation(
                    node.position(),
                    node.op(),
                    visit(node.expr()),
                    parameter == null ? null : visit(parameter),
                    node.grouping(),
                    node.without());
        }

        @Override
        public Expr call(Expr.Call node) {
            if (isInvariant(node)) {
                return new Expr.StepInvariant(node);
            }
            boolean keepSelector = node.function().name().equals("timestamp")
                    || node.function().name().equals("info");
            return keepSelector ? node : new Expr.Call(node.position(), node.function(), visit(node.arguments()));
        }

        @Override
        public Expr binary(Expr.Binary node) {
            if (isInvariant(node)) {
                return new Expr.StepInvariant(node);
            }
            return new Expr.Binary(
                    node.position(),
                    node.op(),
                    visit(node.left()),
                    visit(node.right()),
                    node.matching(),
                    node.bool(),
                    node.type());
        }

        @Override
        public Expr unary(Expr.Unary node) {
            return isInvariant(node)
                    ? new Expr.StepInvariant(node)
                    : new Expr.Unary(node.position(), node.op(), visit(node.expr()), node.type());
        }

        @Override
        public Expr parens(Expr.Parens node) {
            return new Expr.Parens(node.position(), visit(node.expr()), node.type());
        }

        @Override
        public Expr stepInvariant(Expr.StepInvariant node) {
            return node;
        }
    }
}
