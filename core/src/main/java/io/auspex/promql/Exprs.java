package io.auspex.promql;

/** Small questions about syntax trees. */
final class Exprs {
    private Exprs() {}

    /** The expression inside parentheses and step-invariant wraps. */
    static Expr unwrap(Expr node) {
        Expr inner = node;
        while (true) {
            if (inner instanceof Expr.Parens parens) {
                inner = parens.expr();
            } else if (inner instanceof Expr.StepInvariant wrap) {
                inner = wrap.expr();
            } else {
                return inner;
            }
        }
    }

    /** Whether an expression is a number or a string as written. */
    static boolean isLiteral(Expr node) {
        return node instanceof Expr.NumberLiteral || node instanceof Expr.StringLiteral;
    }

    /** The text of a string argument. */
    static String string(Expr node) {
        if (unwrap(node) instanceof Expr.StringLiteral literal) {
            return literal.value();
        }
        throw new IllegalArgumentException("not a string literal: " + node.type());
    }
}
