package io.auspex.promql;

import java.util.Locale;

/** Offsets and fixed times, put on the selector or subquery they follow. */
final class Modifiers {
    private static final String MISPLACED =
            " modifier must be preceded by an instant vector selector or range vector selector or a subquery";

    private Modifiers() {}

    /** Whether an offset was given; one of zero counts as none. */
    static boolean isSet(DurationExpr offset) {
        return !(offset instanceof DurationExpr.Literal literal) || literal.seconds() != 0;
    }

    static Expr offset(Parser parser, Expr expr, DurationExpr offset) {
        Position position = expr.position().to(offset.position());
        if (expr instanceof Expr.VectorSelector vector) {
            requireUnset(parser, expr, vector.offset());
            return withOffset(vector, position, offset);
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            requireUnset(parser, expr, matrix.vector().offset());
            Expr.VectorSelector vector =
                    withOffset(matrix.vector(), matrix.vector().position(), offset);
            return new Expr.MatrixSelector(position, vector, matrix.range());
        }
        if (expr instanceof Expr.Subquery subquery) {
            requireUnset(parser, expr, subquery.offset());
            return new Expr.Subquery(
                    position, subquery.expr(), subquery.range(), subquery.step(), offset, subquery.at());
        }
        throw parser.failure(expr.position(), "offset" + MISPLACED);
    }

    private static void requireUnset(Parser parser, Expr expr, DurationExpr offset) {
        if (isSet(offset)) {
            throw parser.failure(expr.position(), "offset may not be set multiple times");
        }
    }

    private static Expr.VectorSelector withOffset(Expr.VectorSelector vector, Position position, DurationExpr offset) {
        return new Expr.VectorSelector(position, vector.name(), vector.matchers(), offset, vector.at());
    }

    static Expr at(Parser parser, Expr expr, double seconds, Position last) {
        if (!(Math.abs(seconds) < Long.MAX_VALUE)) {
            throw parser.failure(expr.position(), "timestamp out of bounds for @ modifier: " + fixed(seconds));
        }
        return at(parser, expr, At.timestamp(Math.round(seconds * 1000)), last);
    }

    private static String fixed(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.isNaN(value) ? "NaN" : String.format(Locale.ROOT, "%f", value);
    }

    static Expr at(Parser parser, Expr expr, At at, Position last) {
        Position position = expr.position().to(last);
        if (expr instanceof Expr.VectorSelector vector) {
            requireFree(parser, expr, vector.at() != null);
            return withTime(vector, position, at);
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            requireFree(parser, expr, matrix.vector().at() != null);
            Expr.VectorSelector vector =
                    withTime(matrix.vector(), matrix.vector().position(), at);
            return new Expr.MatrixSelector(position, vector, matrix.range());
        }
        if (expr instanceof Expr.Subquery subquery) {
            requireFree(parser, expr, subquery.at() != null);
            return new Expr.Subquery(
                    position, subquery.expr(), subquery.range(), subquery.step(), subquery.offset(), at);
        }
        throw parser.failure(expr.position(), "@" + MISPLACED);
    }

    private static void requireFree(Parser parser, Expr expr, boolean taken) {
        if (taken) {
            throw parser.failure(expr.position(), "@ <timestamp> may not be set multiple times");
        }
    }

    private static Expr.VectorSelector withTime(Expr.VectorSelector vector, Position position, At at) {
        return new Expr.VectorSelector(position, vector.name(), vector.matchers(), vector.offset(), at);
    }
}
