package io.auspex.promql;

import io.auspex.platform.AuspexException;
import io.auspex.platform.PromDuration;
import io.auspex.promql.Token.Kind;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parser of the language, by recursive descent with one token ahead.
 *
 * <p>Linear in the length of the query and bounded in depth. Messages and positions of errors are the
 * reference's, of which the first is reported; syntax errors come before errors of types.
 */
public final class Parser {
    /** The greatest nesting of parentheses, calls and right-grouping operators. */
    public static final int MAX_NESTING = 128;

    private final String query;
    private final Dialect dialect;
    private final Lexer lexer;
    private final DurationParser durations;
    private final GroupingParser groupings;
    private final CallParser calls;

    /** Matching clauses between operands that are not both vectors, which only the type checker may refuse. */
    private final Map<Expr, VectorMatching> misplaced = new IdentityHashMap<>();

    private @Nullable Token ahead;
    private int nesting;
    private int openAggregations;

    private Parser(String query, Dialect dialect) {
        this.query = query;
        this.dialect = dialect;
        this.lexer = new Lexer(query);
        this.durations = new DurationParser(this);
        this.groupings = new GroupingParser(this);
        this.calls = new CallParser(this, groupings);
    }

    /**
     * The syntax tree of a query, checked for types.
     *
     * @throws ParseException when the query is not of the language
     */
    public static Expr parse(String query, Dialect dialect) {
        Parser parser = new Parser(query, dialect);
        if (parser.peek().kind() == Kind.EOF) {
            throw parser.failure(new Position(0, 0), "no expression found in input");
        }
        Expr expr = parser.expression(1);
        parser.expect(Kind.EOF);
        new TypeChecker(query, parser.misplaced).check(expr);
        return expr;
    }

    /**
     * The matchers of a selector, as {@code up{job="api"}}; other than in a query they may all match the empty
     * string.
     *
     * @throws ParseException when it is not a selector alone
     */
    public static List<Matcher> parseSelector(String selector) {
        Parser parser = new Parser(selector, Dialect.STANDARD);
        Token first = parser.peek();
        if (first.kind() != Kind.LEFT_BRACE && !first.kind().namesMetric()) {
            throw parser.unexpected("", "");
        }
        Expr.VectorSelector vector = parser.selector();
        parser.expect(Kind.EOF);
        return vector.matchers();
    }

    Token peek() {
        Token token = ahead;
        if (token == null) {
            token = lexer.next();
            ahead = token;
            if (token.kind() == Kind.ERROR) {
                throw failure(token.position(), token.text());
            }
        }
        return token;
    }

    Token take() {
        Token token = peek();
        ahead = null;
        return token;
    }

    boolean accept(Kind kind) {
        if (peek().kind() == kind) {
            take();
            return true;
        }
        return false;
    }

    Token expect(Kind kind) {
        return peek().kind() == kind ? take() : fail();
    }

    private Token fail() {
        throw unexpected("", "");
    }

    Dialect dialect() {
        return dialect;
    }

    ParseException failure(Position position, String problem) {
        return ParseException.at(position, query, problem);
    }

    /** The error that the next token does not fit; without a context of its own it is the enclosing aggregation's. */
    ParseException unexpected(String context, String expected) {
        String where = context.isEmpty() && openAggregations > 0 ? "aggregation" : context;
        Token token = peek();
        return failure(
                token.position(),
                "unexpected " + token.description() + (where.isEmpty() ? "" : " in " + where)
                        + (expected.isEmpty() ? "" : ", expected " + expected));
    }

    void enter() {
        if (++nesting > MAX_NESTING) {
            throw failure(peek().position(), "query is nested deeper than " + MAX_NESTING + " levels");
        }
    }

    void leave() {
        nesting--;
    }

    void enterAggregation() {
        openAggregations++;
    }

    void leaveAggregation() {
        openAggregations--;
    }

    /** An expression of operators that bind at least as tight as given. */
    Expr expression(int precedence) {
        enter();
        Expr left = signed();
        BinaryOp op = peek().kind().operator();
        while (op != null && op.precedence() >= precedence) {
            take();
            left = binary(left, op);
            op = peek().kind().operator();
        }
        leave();
        return left;
    }

    private Expr binary(Expr left, BinaryOp op) {
        boolean bool = accept(Kind.BOOL);
        VectorMatching matching = groupings.matching(op);
        Expr right = expression(op == BinaryOp.POW ? op.precedence() : op.precedence() + 1);
        boolean vectors = left.type() == ValueType.VECTOR && right.type() == ValueType.VECTOR;
        boolean scalars = left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR;
        Expr.Binary binary = new Expr.Binary(
                left.position().to(right.position()),
                op,
                left,
                right,
                vectors ? matching : null,
                bool,
                scalars ? ValueType.SCALAR : ValueType.VECTOR);
        if (!vectors && !matching.labels().isEmpty()) {
            misplaced.put(binary, matching);
        }
        return binary;
    }

    /** Signs before an operand; they bind like multiplication, so only powers belong to the operand. */
    private Expr signed() {
        if (!peek().kind().isSign()) {
            return postfix(primary());
        }
        List<Token> signs = new ArrayList<>();
        while (peek().kind().isSign()) {
            signs.add(take());
        }
        Expr operand = expression(BinaryOp.POW.precedence());
        for (int i = signs.size() - 1; i >= 0; i--) {
            operand = signed(signs.get(i), operand);
        }
        return operand;
    }

    private static Expr signed(Token sign, Expr operand) {
        Position position = sign.position().to(operand.position());
        boolean minus = sign.kind() == Kind.SUB;
        if (operand instanceof Expr.NumberLiteral number) {
            return new Expr.NumberLiteral(position, minus ? -number.value() : number.value(), number.duration());
        }
        return new Expr.Unary(position, minus ? BinaryOp.SUB : BinaryOp.ADD, operand, operand.type());
    }

    private Expr postfix(Expr operand) {
        Expr expr = operand;
        while (true) {
            switch (peek().kind()) {
                case LEFT_BRACKET -> expr = range(expr);
                case OFFSET -> {
                    take();
                    DurationExpr offset = durations.offset();
                    expr = Modifiers.offset(this, expr, offset);
                }
                case AT -> {
                    take();
                    expr = atModifier(expr);
                }
                default -> {
                    return expr;
                }
            }
        }
    }

    private Expr range(Expr expr) {
        Token open = take();
        DurationExpr range = durations.positive();
        if (accept(Kind.COLON)) {
            return subquery(expr, range);
        }
        Token close = peek();
        if (!accept(Kind.RIGHT_BRACKET)) {
            throw unexpected("subquery or range", "\":\" or \"]\"");
        }
        Position brackets = open.position().to(close.position());
        if (!(expr instanceof Expr.VectorSelector vector)) {
            throw failure(brackets, "ranges only allowed for vector selectors");
        }
        if (Modifiers.isSet(vector.offset()) && vector.offset() instanceof DurationExpr.Literal) {
            throw failure(brackets, "no offset modifiers allowed before range");
        }
        if (vector.at() != null) {
            throw failure(brackets, "no @ modifiers allowed before range");
        }
        return new Expr.MatrixSelector(expr.position().to(close.position()), vector, range);
    }

    private Expr subquery(Expr expr, DurationExpr range) {
        DurationExpr step = null;
        if (peek().kind() != Kind.RIGHT_BRACKET) {
            if (!durations.mayStart()) {
                throw unexpected("subquery selector", "number or duration or \"]\"");
            }
            step = durations.positive();
        }
        Token close = peek();
        if (!accept(Kind.RIGHT_BRACKET)) {
            throw unexpected("subquery selector", "\"]\"");
        }
        return new Expr.Subquery(expr.position().to(close.position()), expr, range, step, DurationExpr.ZERO, null);
    }

    private Expr atModifier(Expr expr) {
        Token token = peek();
        if (token.kind() == Kind.START || token.kind() == Kind.END) {
            take();
            Token close = null;
            if (accept(Kind.LEFT_PAREN)) {
                close = peek();
            }
            if (close == null || !accept(Kind.RIGHT_PAREN)) {
                throw unexpected("@", "timestamp");
            }
            return Modifiers.at(this, expr, token.kind() == Kind.START ? At.START : At.END, close.position());
        }
        boolean sign = token.kind().isSign();
        if (sign) {
            take();
        }
        Token number = peek();
        if (number.kind() != Kind.NUMBER && number.kind() != Kind.DURATION) {
            throw unexpected("@", "timestamp");
        }
        take();
        double seconds = number(number);
        return Modifiers.at(this, expr, token.kind() == Kind.SUB ? -seconds : seconds, number.position());
    }

    private Expr primary() {
        Token token = peek();
        return switch (token.kind()) {
            case NUMBER, DURATION -> {
                take();
                yield new Expr.NumberLiteral(token.position(), number(token), token.kind() == Kind.DURATION);
            }
            case STRING -> {
                take();
                yield new Expr.StringLiteral(token.position(), Literals.string(token.text()));
            }
            case LEFT_PAREN -> parens();
            case LEFT_BRACE -> selector();
            default -> {
                if (token.kind().namesMetric()) {
                    yield named();
                }
                throw unexpected("", "");
            }
        };
    }

    /** The value of a number or duration token, the latter in seconds. */
    double number(Token token) {
        try {
            return token.kind() == Kind.DURATION
                    ? PromDuration.parseMillis(token.text()) / 1000.0
                    : Literals.number(token.text());
        } catch (AuspexException | IllegalArgumentException e) {
            throw failure(token.position(), String.valueOf(e.getMessage()));
        }
    }

    private Expr parens() {
        Token open = take();
        Expr expr = expression(1);
        Token close = expect(Kind.RIGHT_PAREN);
        return new Expr.Parens(open.position().to(close.position()), expr, expr.type());
    }

    /** A call, an aggregation or a metric: what a word is depends on what follows it. */
    private Expr named() {
        Token name = take();
        Kind next = peek().kind();
        if (name.kind() == Kind.IDENTIFIER && next == Kind.LEFT_PAREN) {
            return calls.call(name);
        }
        boolean grouped = next == Kind.BY || next == Kind.WITHOUT;
        if (name.kind() == Kind.AGGREGATOR && (next == Kind.LEFT_PAREN || grouped)) {
            return calls.aggregation(name);
        }
        return selector(name);
    }

    private Expr.VectorSelector selector() {
        return peek().kind() == Kind.LEFT_BRACE ? selectorWith("", peek().position()) : selector(take());
    }

    private Expr.VectorSelector selector(Token name) {
        if (peek().kind() == Kind.LEFT_BRACE) {
            return selectorWith(name.text(), name.position());
        }
        return new Expr.VectorSelector(
                name.position(),
                name.text(),
                List.of(Matcher.equal(Labels.METRIC_NAME, name.text())),
                DurationExpr.ZERO,
                null);
    }

    private Expr.VectorSelector selectorWith(String name, Position start) {
        List<Matcher> matchers = new ArrayList<>();
        Position end = new MatcherParser(this).braces(matchers);
        if (!name.isEmpty()) {
            matchers.add(Matcher.equal(Labels.METRIC_NAME, name));
        }
        return new Expr.VectorSelector(start.to(end), name, matchers, DurationExpr.ZERO, null);
    }
}
