package io.auspex.promql;

import io.auspex.series.ReadCost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * A part of a query and what it cost. Parentheses and literals are no parts of their own.
 *
 * @param text the part itself, with an ellipsis for each part below it
 * @param position of the whole part in the query
 * @param once whether it was evaluated once for all steps, since its selectors stand at a fixed time
 * @param nanos its time, with that of the parts below it
 * @param ownNanos its time without them
 * @param series how many it handed over
 * @param samples how many it touched, summed over steps
 * @param peakSamples most samples that the query held while the part was at work
 * @param read what it read from storage; of selectors only
 */
public record PlanNode(
        Kind kind,
        String text,
        Position position,
        boolean once,
        long nanos,
        long ownNanos,
        long series,
        long samples,
        long peakSamples,
        Optional<ReadCost> read,
        List<PlanNode> children) {
    /** What a part does. */
    public enum Kind {
        SELECTOR,
        FUNCTION,
        AGGREGATION,
        OPERATION,
        SUBQUERY,
        LITERAL
    }

    static PlanNode of(Expr tree, Profile profile) {
        Collection<Expr> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(tree, nodes);
        return of(tree, profile, nodes);
    }

    private static void collect(Expr node, Collection<Expr> into) {
        into.add(node);
        node.children().forEach(child -> collect(child, into));
    }

    private static PlanNode of(Expr node, Profile profile, Collection<Expr> tree) {
        if (node instanceof Expr.Parens parens) {
            return of(parens.expr(), profile, tree);
        }
        Profile.Cost cost = profile.cost(node);
        if (node instanceof Expr.StepInvariant invariant) {
            PlanNode inner = of(invariant.expr(), profile, tree);
            long repeating = cost == null ? 0 : cost.nanos;
            return new PlanNode(
                    inner.kind,
                    inner.text,
                    inner.position,
                    true,
                    inner.nanos + repeating,
                    inner.ownNanos + repeating,
                    inner.series,
                    inner.samples,
                    Math.max(inner.peakSamples, cost == null ? 0 : cost.peakSamples),
                    inner.read,
                    inner.children);
        }
        List<PlanNode> children = new ArrayList<>();
        if (!(node instanceof Expr.MatrixSelector)) {
            for (Expr child : node.children()) {
                if (!Exprs.isLiteral(Exprs.unwrap(child))) {
                    children.add(of(child, profile, tree));
                }
            }
        }
        for (Profile.Cost made : profile.madeBy(node, tree)) {
            children.add(of(made.node, profile, tree));
        }
        long own = cost == null ? 0 : cost.nanos;
        return new PlanNode(
                kind(node),
                Printer.own(node),
                node.position(),
                false,
                own + children.stream().mapToLong(PlanNode::nanos).sum(),
                own,
                cost == null ? 0 : cost.series,
                cost == null ? 0 : cost.touched,
                cost == null ? 0 : cost.peakSamples,
                cost == null ? Optional.empty() : Optional.ofNullable(cost.read),
                List.copyOf(children));
    }

    private static Kind kind(Expr node) {
        if (node instanceof Expr.VectorSelector || node instanceof Expr.MatrixSelector) {
            return Kind.SELECTOR;
        }
        if (node instanceof Expr.Call) {
            return Kind.FUNCTION;
        }
        if (node instanceof Expr.Aggregation) {
            return Kind.AGGREGATION;
        }
        if (node instanceof Expr.Subquery) {
            return Kind.SUBQUERY;
        }
        return Exprs.isLiteral(node) ? Kind.LITERAL : Kind.OPERATION;
    }
}
