package io.auspex.promql;

import io.auspex.platform.GoQuote;
import io.auspex.promql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the parser that reads function calls and aggregations. */
final class CallParser {
    private final Parser parser;
    private final GroupingParser groupings;

    CallParser(Parser parser, GroupingParser groupings) {
        this.parser = parser;
        this.groupings = groupings;
    }

    Expr call(Token name) {
        List<Expr> arguments = new ArrayList<>();
        Position end = arguments(arguments);
        Function function = parser.dialect()
                .functions()
                .find(name.text())
                .orElseThrow(() ->
                        parser.failure(name.position(), "unknown function with name " + GoQuote.string(name.text())));
        if (function.experimental() && !parser.dialect().experimentalFunctions()) {
            throw parser.failure(name.position(), "function " + GoQuote.string(name.text()) + " is not enabled");
        }
        return new Expr.Call(name.position().to(end), function, arguments);
    }

    /** Reads arguments in parentheses; the position of the closing one. */
    private Position arguments(List<Expr> into) {
        parser.expect(Kind.LEFT_PAREN);
        Token close = parser.peek();
        if (parser.accept(Kind.RIGHT_PAREN)) {
            return close.position();
        }
        while (true) {
            into.add(parser.expression(1));
            Token separator = parser.peek();
            if (parser.accept(Kind.RIGHT_PAREN)) {
                return separator.position();
            }
            parser.expect(Kind.COMMA);
            if (!parser.peek().kind().startsExpression()) {
                throw parser.failure(separator.position(), "trailing commas not allowed in function call args");
            }
        }
    }

    Expr aggregation(Token name) {
        parser.enterAggregation();
        boolean grouped = false;
        boolean without = false;
        List<String> grouping = List.of();
        if (parser.peek().kind() != Kind.LEFT_PAREN) {
            grouped = true;
            without = parser.take().kind() == Kind.WITHOUT;
            grouping = groupings.grouping();
        }
        List<Expr> arguments = new ArrayList<>();
        Position end = arguments(arguments);
        Kind next = parser.peek().kind();
        if (!grouped && (next == Kind.BY || next == Kind.WITHOUT)) {
            without = parser.take().kind() == Kind.WITHOUT;
            grouping = groupings.grouping();
        }
        parser.leaveAggregation();
        AggregateOp op =
                AggregateOp.find(name.text().toLowerCase(java.util.Locale.ROOT)).orElseThrow();
        Position position = name.position().to(end);
        Expr parameter = checkArguments(op, arguments, position);
        return new Expr.Aggregation(position, op, arguments.get(arguments.size() - 1), parameter, grouping, without);
    }

    private @Nullable Expr checkArguments(AggregateOp op, List<Expr> arguments, Position position) {
        if (arguments.isEmpty()) {
            throw parser.failure(position, "no arguments for aggregate expression provided");
        }
        if (op.experimental() && !parser.dialect().experimentalFunctions()) {
            throw parser.failure(
                    position,
                    op.keyword()
                            + "() is experimental and must be enabled with --enable-feature=promql-experimental-functions");
        }
        int wanted = op.takesParameter() ? 2 : 1;
        if (arguments.size() != wanted) {
            throw parser.failure(
                    position,
                    "wrong number of arguments for aggregate expression provided, expected " + wanted + ", got "
                            + arguments.size());
        }
        return op.takesParameter() ? arguments.get(0) : null;
    }
}
