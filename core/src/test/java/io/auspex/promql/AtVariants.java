package io.auspex.promql;

import java.util.ArrayList;
import java.util.List;

/**
 * Rewrites a query so that all its selectors stand at one time; evaluated at any other time it must then give
 * what the query gives at that time.
 */
final class AtVariants implements Expr.Visitor<Expr> {
    private final At at;
    private boolean timeDependent;

    private AtVariants(long epochMillis) {
        this.at = At.timestamp(epochMillis);
    }

    /** The rewritten query; null when a function in it looks at the evaluation time itself. */
    static Expr pinned(Expr query, long epochMillis) {
        AtVariants rewriter = new AtVariants(epochMillis);
        Expr pinned = query.accept(rewriter);
        return rewriter.timeDependent ? null : pinned;
    }

    private List<Expr> all(List<Expr> nodes) {
        List<Expr> rewritten = new ArrayList<>();
        nodes.forEach(node -> rewritten.add(node.accept(this)));
        return rewritten;
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
        return node.at() != null
                ? node
                : new Expr.VectorSelector(node.position(), node.name(), node.matchers(), node.offset(), at);
    }

    @Override
    public Expr matrix(Expr.MatrixSelector node) {
        return new Expr.MatrixSelector(
                node.position(), (Expr.VectorSelector) node.vector().accept(this), node.range());
    }

    @Override
    public Expr subquery(Expr.Subquery node) {
        return node.at() != null
                ? node
                : new Expr.Subquery(node.position(), node.expr(), node.range(), node.step(), node.offset(), at);
    }

    @Override
    public Expr aggregation(Expr.Aggregation node) {
        Expr parameter = node.parameter();
        return new Expr.Aggregation(
                node.position(),
                node.op(),
                node.expr().accept(this),
                parameter == null ? null : parameter.accept(this),
                node.grouping(),
                node.without());
    }

    @Override
    public Expr call(Expr.Call node) {
        timeDependent |= StepInvariants.isTimeDependent(node.function().name());
        return new Expr.Call(node.position(), node.function(), all(node.arguments()));
    }

    @Override
    public Expr binary(Expr.Binary node) {
        return new Expr.Binary(
                node.position(),
                node.op(),
                node.left().accept(this),
                node.right().accept(this),
                node.matching(),
                node.bool(),
                node.type());
    }

    @Override
    public Expr unary(Expr.Unary node) {
        return new Expr.Unary(node.position(), node.op(), node.expr().accept(this), node.type());
    }

    @Override
    public Expr parens(Expr.Parens node) {
        return new Expr.Parens(node.position(), node.expr().accept(this), node.type());
    }

    @Override
    public Expr stepInvariant(Expr.StepInvariant node) {
        return node;
    }
}
