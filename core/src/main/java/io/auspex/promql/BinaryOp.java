package io.auspex.promql;

/** An operator between two expressions. */
public enum BinaryOp {
    OR("or", 1, Kind.SET),
    AND("and", 2, Kind.SET),
    UNLESS("unless", 2, Kind.SET),
    EQL("==", 3, Kind.COMPARISON),
    NEQ("!=", 3, Kind.COMPARISON),
    LTE("<=", 3, Kind.COMPARISON),
    LSS("<", 3, Kind.COMPARISON),
    GTE(">=", 3, Kind.COMPARISON),
    GTR(">", 3, Kind.COMPARISON),
    ADD("+", 4, Kind.ARITHMETIC),
    SUB("-", 4, Kind.ARITHMETIC),
    MUL("*", 5, Kind.ARITHMETIC),
    DIV("/", 5, Kind.ARITHMETIC),
    MOD("%", 5, Kind.ARITHMETIC),
    ATAN2("atan2", 5, Kind.ARITHMETIC),
    /** The only operator that groups to the right. */
    POW("^", 6, Kind.ARITHMETIC);

    private enum Kind {
        SET,
        COMPARISON,
        ARITHMETIC
    }

    private final String symbol;
    private final int precedence;
    private final Kind kind;

    BinaryOp(String symbol, int precedence, Kind kind) {
        this.symbol = symbol;
        this.precedence = precedence;
        this.kind = kind;
    }

    /** The operator as it is written. */
    public String symbol() {
        return symbol;
    }

    /** Higher binds tighter; {@code or} is 1. */
    public int precedence() {
        return precedence;
    }

    public boolean isComparison() {
        return kind == Kind.COMPARISON;
    }

    /** Whether it is {@code and}, {@code or} or {@code unless}. */
    public boolean isSet() {
        return kind == Kind.SET;
    }
}
