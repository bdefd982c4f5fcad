package io.auspex.promql;

import io.auspex.platform.GoQuote;
import org.jspecify.annotations.Nullable;

/**
 * One word of a query.
 *
 * @param text the text it was read from; for {@link Kind#ERROR} the problem
 */
record Token(Kind kind, int start, int end, String text) {
    /** The group a kind belongs to, which decides how errors name it. */
    private enum Group {
        PUNCTUATION,
        OPERATOR,
        AGGREGATOR,
        KEYWORD,
        OTHER
    }

    /** What a token is. */
    enum Kind {
        EOF(Group.OTHER, null),
        ERROR(Group.OTHER, null),
        IDENTIFIER(Group.OTHER, null),
        /** A name with a colon in it. */
        METRIC_IDENTIFIER(Group.OTHER, null),
        STRING(Group.OTHER, null),
        NUMBER(Group.OTHER, null),
        DURATION(Group.OTHER, null),
        LEFT_PAREN(Group.PUNCTUATION, null),
        RIGHT_PAREN(Group.PUNCTUATION, null),
        LEFT_BRACE(Group.PUNCTUATION, null),
        RIGHT_BRACE(Group.PUNCTUATION, null),
        LEFT_BRACKET(Group.PUNCTUATION, null),
        RIGHT_BRACKET(Group.PUNCTUATION, null),
        COMMA(Group.PUNCTUATION, null),
        COLON(Group.PUNCTUATION, null),
        EQL(Group.PUNCTUATION, null),
        START(Group.PUNCTUATION, null),
        END(Group.PUNCTUATION, null),
        EQL_REGEX(Group.OPERATOR, null),
        NEQ_REGEX(Group.OPERATOR, null),
        AT(Group.OPERATOR, null),
        OR(Group.OPERATOR, BinaryOp.OR),
        AND(Group.OPERATOR, BinaryOp.AND),
        UNLESS(Group.OPERATOR, BinaryOp.UNLESS),
        EQLC(Group.OPERATOR, BinaryOp.EQL),
        NEQ(Group.OPERATOR, BinaryOp.NEQ),
        LTE(Group.OPERATOR, BinaryOp.LTE),
        LSS(Group.OPERATOR, BinaryOp.LSS),
        GTE(Group.OPERATOR, BinaryOp.GTE),
        GTR(Group.OPERATOR, BinaryOp.GTR),
        ADD(Group.OPERATOR, BinaryOp.ADD),
        SUB(Group.OPERATOR, BinaryOp.SUB),
        MUL(Group.OPERATOR, BinaryOp.MUL),
        DIV(Group.OPERATOR, BinaryOp.DIV),
        MOD(Group.OPERATOR, BinaryOp.MOD),
        ATAN2(Group.OPERATOR, BinaryOp.ATAN2),
        POW(Group.OPERATOR, BinaryOp.POW),
        AGGREGATOR(Group.AGGREGATOR, null),
        BOOL(Group.KEYWORD, null),
        BY(Group.KEYWORD, null),
        GROUP_LEFT(Group.KEYWORD, null),
        GROUP_RIGHT(Group.KEYWORD, null),
        IGNORING(Group.KEYWORD, null),
        OFFSET(Group.KEYWORD, null),
        ON(Group.KEYWORD, null),
        WITHOUT(Group.KEYWORD, null);

        private final Group group;
        private final @Nullable BinaryOp operator;

        Kind(Group group, @Nullable BinaryOp operator) {
            this.group = group;
            this.operator = operator;
        }

        /** The operator between expressions that this is, or null. */
        @Nullable
        BinaryOp operator() {
            return operator;
        }

        boolean isSign() {
            return this == ADD || this == SUB;
        }

        /** Whether a metric may be called by this word. */
        boolean namesMetric() {
            return switch (this) {
                case IDENTIFIER, METRIC_IDENTIFIER, AGGREGATOR, BY, WITHOUT, OFFSET, AND, OR, UNLESS, START, END ->
                    true;
                default -> false;
            };
        }

        /** Whether a label of a grouping may be called by this word. */
        boolean namesLabel() {
            return switch (this) {
                case WITHOUT -> false;
                case ATAN2, BOOL, GROUP_LEFT, GROUP_RIGHT, IGNORING, ON -> true;
                default -> namesMetric();
            };
        }

        boolean startsExpression() {
            return switch (this) {
                case NUMBER, DURATION, STRING, LEFT_PAREN, LEFT_BRACE, ADD, SUB -> true;
                default -> namesMetric();
            };
        }
    }

    private static final int SHOWN = 10;

    Position position() {
        return new Position(start, end);
    }

    /** The token as errors name it. */
    String description() {
        return switch (kind.group) {
            case PUNCTUATION -> GoQuote.string(text);
            case OPERATOR -> "<op:" + text + ">";
            case AGGREGATOR -> "<aggr:" + text + ">";
            case KEYWORD -> "<" + text + ">";
            case OTHER -> kind == Kind.EOF ? "end of input" : noun() + " " + shown();
        };
    }

    private String noun() {
        return switch (kind) {
            case IDENTIFIER -> "identifier";
            case METRIC_IDENTIFIER -> "metric identifier";
            case STRING -> "string";
            case NUMBER -> "number";
            case DURATION -> "duration";
            default -> "error";
        };
    }

    private String shown() {
        boolean name = kind == Kind.IDENTIFIER || kind == Kind.METRIC_IDENTIFIER;
        if (name || text.length() <= SHOWN) {
            return GoQuote.string(text);
        }
        return GoQuote.string(text.substring(
                        0, text.offsetByCodePoints(0, Math.min(SHOWN, text.codePointCount(0, text.length())))))
                + "...";
    }
}
