package io.auspex.promql;

import io.auspex.promql.Token.Kind;

/** The part of the parser that reads durations and arithmetic over them. */
final class DurationParser {
    private final Parser parser;

    DurationParser(Parser parser) {
        this.parser = parser;
    }

    boolean mayStart() {
        Kind kind = parser.peek().kind();
        return kind == Kind.NUMBER || kind == Kind.DURATION || kind == Kind.LEFT_PAREN || kind.isSign();
    }

    /** A range or step: any arithmetic; a literal must be more than zero. */
    DurationExpr positive() {
        DurationExpr duration = arithmetic(BinaryOp.ADD.precedence(), "subquery selector");
        if (duration instanceof DurationExpr.Literal literal && literal.seconds() <= 0) {
            throw parser.failure(literal.position(), "duration must be greater than 0");
        }
        return duration;
    }

    /**
     * An offset: one literal or arithmetic in parentheses, with or without sign, so that
     * {@code offset 1m + 2} adds to the vector.
     */
    DurationExpr offset() {
        if (!mayStart()) {
            throw parser.unexpected("offset", "number or duration");
        }
        if (!parser.peek().kind().isSign()) {
            return primary("offset");
        }
        Token sign = parser.take();
        return signed(sign, parser.peek().kind().isSign() ? signedOperand("offset") : primary("offset"));
    }

    private DurationExpr arithmetic(int precedence, String context) {
        parser.enter();
        DurationExpr left = parser.peek().kind().isSign() ? signedOperand(context) : primary(context);
        BinaryOp op = parser.peek().kind().operator();
        while (op != null && calculates(op) && op.precedence() >= precedence) {
            Token operator = parser.take();
            DurationExpr right = arithmetic(op == BinaryOp.POW ? op.precedence() : op.precedence() + 1, context);
            left = binary(left, op, operator, right);
            op = parser.peek().kind().operator();
        }
        parser.leave();
        return left;
    }

    private static boolean calculates(BinaryOp op) {
        return op.precedence() >= BinaryOp.ADD.precedence() && op != BinaryOp.ATAN2;
    }

    private DurationExpr signedOperand(String context) {
        Token sign = parser.take();
        return signed(sign, arithmetic(BinaryOp.POW.precedence(), context));
    }

    private DurationExpr signed(Token sign, DurationExpr operand) {
        boolean minus = sign.kind() == Kind.SUB;
        Position position = sign.position().to(operand.position());
        if (operand instanceof DurationExpr.Literal literal) {
            return new DurationExpr.Literal(position, minus ? -literal.seconds() : literal.seconds(), literal.unit());
        }
        return minus ? new DurationExpr.Unary(position, BinaryOp.SUB, operand) : operand;
    }

    private DurationExpr primary(String context) {
        Token token = parser.peek();
        if (token.kind() == Kind.LEFT_PAREN) {
            return parens(context);
        }
        if (token.kind() != Kind.NUMBER && token.kind() != Kind.DURATION) {
            throw parser.unexpected(context, "number or duration");
        }
        parser.take();
        double seconds = parser.number(token);
        if (Math.abs(seconds) > DurationExpr.MAX_SECONDS) {
            throw parser.failure(token.position(), "duration out of range");
        }
        return new DurationExpr.Literal(token.position(), seconds, token.kind() == Kind.DURATION);
    }

    /** Parentheses around a literal mean nothing and are left out of the tree. */
    private DurationExpr parens(String context) {
        Token open = parser.take();
        DurationExpr inner = arithmetic(BinaryOp.ADD.precedence(), context);
        Token close = parser.peek();
        if (!parser.accept(Kind.RIGHT_PAREN)) {
            throw parser.unexpected(context, "number or duration");
        }
        requireExpressions(inner);
        return inner instanceof DurationExpr.Literal
                ? inner
                : new DurationExpr.Parens(open.position().to(close.position()), inner);
    }

    private DurationExpr binary(DurationExpr left, BinaryOp op, Token operator, DurationExpr right) {
        requireExpressions(left);
        if (right instanceof DurationExpr.Literal literal && literal.seconds() == 0) {
            if (op == BinaryOp.DIV) {
                throw parser.failure(operator.position(), "division by zero");
            }
            if (op == BinaryOp.MOD) {
                throw parser.failure(operator.position(), "modulo by zero");
            }
        }
        return new DurationExpr.Binary(left.position().to(right.position()), op, left, right);
    }

    private void requireExpressions(DurationExpr at) {
        if (!parser.dialect().durationExpressions()) {
            throw parser.failure(at.position(), "experimental duration expression is not enabled");
        }
    }
}
