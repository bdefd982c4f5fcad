package io.auspex.promql;

/**
 * A duration in a query: a literal, or arithmetic over literals.
 *
 * <p>Arithmetic counts in seconds. Its value is not checked by the parser, as in the reference, but where it
 * is asked for.
 */
public sealed interface DurationExpr {
    Position position();

    /** The value in seconds; a division or modulo by zero is an error at its position. */
    double seconds();

    /**
     * The value in milliseconds, truncated.
     *
     * @throws ParseException when it does not fit
     */
    default long millis() {
        double seconds = seconds();
        if (!(Math.abs(seconds) < MAX_SECONDS)) {
            throw new ParseException(position(), "duration is out of range");
        }
        return (long) (seconds * 1000);
    }

    /**
     * The value in milliseconds where a range or step must be longer than zero.
     *
     * @throws ParseException when it is not, or does not fit
     */
    default long positiveMillis() {
        double seconds = seconds();
        if (!(seconds > 0)) {
            throw new ParseException(position(), "duration must be greater than 0");
        }
        return millis();
    }

    /** What a duration of 63 bits of nanoseconds can hold. */
    double MAX_SECONDS = 9_223_372_036.854_775_807;

    /** No duration, at no place in the text. */
    DurationExpr ZERO = new Literal(new Position(0, 0), 0, false);

    /**
     * A number of seconds.
     *
     * @param unit whether it was written with units, as {@code 5m}, rather than as a number
     */
    record Literal(Position position, double seconds, boolean unit) implements DurationExpr {
        /** By way of nanoseconds, so that {@code 4.018} is 4018 ms and not one less. */
        @Override
        public long millis() {
            return Math.round(seconds * 1e9) / 1_000_000;
        }
    }

    /** A sign before a duration; {@code op} is ADD or SUB. */
    record Unary(Position position, BinaryOp op, DurationExpr expr) implements DurationExpr {
        @Override
        public double seconds() {
            return op == BinaryOp.SUB ? -expr.seconds() : expr.seconds();
        }
    }

    /** Arithmetic; {@code op} is one of ADD, SUB, MUL, DIV, MOD, POW. */
    record Binary(Position position, BinaryOp op, DurationExpr left, DurationExpr right) implements DurationExpr {
        @Override
        public double seconds() {
            double a = left.seconds();
            double b = right.seconds();
            return switch (op) {
                case ADD -> a + b;
                case SUB -> a - b;
                case MUL -> a * b;
                case DIV -> a / nonZero(b, "division by zero");
                case MOD -> a % nonZero(b, "modulo by zero");
                case POW -> Math.pow(a, b);
                case OR, AND, UNLESS, EQL, NEQ, LTE, LSS, GTE, GTR, ATAN2 ->
                    throw new IllegalStateException("not an operator of durations: " + op);
            };
        }

        private double nonZero(double divisor, String otherwise) {
            if (divisor == 0) {
                throw new ParseException(position, otherwise);
            }
            return divisor;
        }
    }

    /** A duration in parentheses. */
    record Parens(Position position, DurationExpr expr) implements DurationExpr {
        @Override
        public double seconds() {
            return expr.seconds();
        }
    }
}
