package io.auspex.promql;

import io.auspex.platform.GoQuote;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of types, arguments and matchers, checked over a whole tree.
 *
 * <p>Walks with a stack of its own, since a chain of operators makes a tree as high as it is long; such a tree
 * is refused at the end, when no earlier error was found.
 */
final class TypeChecker {
    /** A node on the way down, and how many of its children have been checked. */
    private static final class Frame {
        private final Expr node;
        private final @Nullable Frame parent;
        private final List<Expr> children;
        private int checked;

        Frame(Expr node, @Nullable Frame parent) {
            this.node = node;
            this.parent = parent;
            this.children = inOrderOfChecks(node);
        }
    }

    private final String query;
    private final Map<Expr, VectorMatching> misplaced;

    TypeChecker(String query, Map<Expr, VectorMatching> misplaced) {
        this.query = query;
        this.misplaced = misplaced;
    }

    /** @throws ParseException for the first rule that is broken, in the reference's order */
    void check(Expr root) {
        Deque<Frame> path = new ArrayDeque<>();
        path.push(new Frame(root, null));
        int height = 1;
        while (!path.isEmpty()) {
            Frame frame = path.peek();
            if (frame.checked == 0) {
                before(frame);
            } else {
                afterChild(frame.node, frame.checked - 1, frame.children.get(frame.checked - 1));
            }
            if (frame.checked < frame.children.size()) {
                path.push(new Frame(frame.children.get(frame.checked++), frame));
                height = Math.max(height, path.size());
            } else {
                after(frame.node);
                path.pop();
            }
        }
        if (height > Expr.MAX_HEIGHT) {
            throw failure(
                    root.position(),
                    "query has " + height + " levels of operations, more than the allowed " + Expr.MAX_HEIGHT);
        }
    }

    private static List<Expr> inOrderOfChecks(Expr node) {
        if (node instanceof Expr.Aggregation aggregation && aggregation.parameter() != null) {
            return List.of(aggregation.expr(), aggregation.parameter());
        }
        if (node instanceof Expr.Call call && call.function().variadic() == 0) {
            int declared = call.function().arguments().size();
            return call.arguments()
                    .subList(0, Math.min(declared, call.arguments().size()));
        }
        return node.children();
    }

    private ParseException failure(Position position, String problem) {
        return ParseException.at(position, query, problem);
    }

    private void before(Frame frame) {
        if (frame.node instanceof Expr.Call call) {
            checkArity(call);
            if (call.function().name().equals("info") && call.arguments().size() > 1) {
                checkInfo(call);
            }
        } else if (frame.node instanceof Expr.VectorSelector vector) {
            checkMatchers(vector, frame.parent != null && isInfo(frame.parent.node, vector));
        }
    }

    private void afterChild(Expr node, int index, Expr child) {
        if (node instanceof Expr.Call call) {
            ValueType wanted = call.function().argument(index);
            if (child.type() != wanted) {
                throw expected(
                        child,
                        wanted,
                        "call to function " + GoQuote.string(call.function().name()));
            }
        } else if (node instanceof Expr.Aggregation aggregation) {
            checkAggregated(aggregation, child);
        }
    }

    private void after(Expr node) {
        if (node instanceof Expr.Binary binary) {
            checkBinary(binary);
        } else if (node instanceof Expr.Unary unary && !isNumeric(unary.expr())) {
            throw failure(
                    unary.position(),
                    "unary expression only allowed on expressions of type scalar or instant vector, got "
                            + GoQuote.string(unary.expr().type().documented()));
        } else if (node instanceof Expr.Subquery subquery && subquery.expr().type() != ValueType.VECTOR) {
            throw failure(
                    subquery.position(),
                    "subquery is only allowed on instant vector, got "
                            + subquery.expr().type().wireName() + " instead");
        }
    }

    private ParseException expected(Expr at, ValueType wanted, String context) {
        return failure(
                at.position(),
                "expected type " + wanted.documented() + " in " + context + ", got "
                        + at.type().documented());
    }

    private static boolean isNumeric(Expr expr) {
        return expr.type() == ValueType.SCALAR || expr.type() == ValueType.VECTOR;
    }

    private void checkArity(Expr.Call call) {
        Function function = call.function();
        int declared = function.arguments().size();
        int given = call.arguments().size();
        if (function.variadic() == 0) {
            if (given != declared) {
                throw arity(call, "", declared);
            }
            return;
        }
        int least = declared - 1;
        if (given < least) {
            throw arity(call, "at least ", least);
        }
        if (function.variadic() > 0 && given > least + function.variadic()) {
            throw arity(call, "at most ", least + function.variadic());
        }
    }

    private ParseException arity(Expr.Call call, String bound, int wanted) {
        return failure(
                call.position(),
                "expected " + bound + wanted + " argument(s) in call to "
                        + GoQuote.string(call.function().name()) + ", got "
                        + call.arguments().size());
    }

    private void checkInfo(Expr.Call call) {
        Expr second = call.arguments().get(1);
        if (second.type() != ValueType.VECTOR) {
            throw failure(
                    call.position(),
                    "expected type instant vector in call to function \"info\", got "
                            + second.type().documented());
        }
        if (!(second instanceof Expr.VectorSelector vector)) {
            throw failure(second.position(), "expected label selectors only");
        }
        if (!vector.name().isEmpty()) {
            throw failure(second.position(), "expected label selectors only, got vector selector instead");
        }
    }

    private static boolean isInfo(Expr parent, Expr.VectorSelector vector) {
        return parent instanceof Expr.Call call
                && call.function().name().equals("info")
                && call.arguments().get(0) != vector;
    }

    private void checkMatchers(Expr.VectorSelector vector, boolean mayMatchAll) {
        if (!vector.name().isEmpty()) {
            for (Matcher matcher :
                    vector.matchers().subList(0, vector.matchers().size() - 1)) {
                if (matcher.name().equals(Labels.METRIC_NAME)) {
                    throw failure(
                            vector.position(),
                            "metric name must not be set twice: " + GoQuote.string(vector.name()) + " or "
                                    + GoQuote.string(matcher.value()));
                }
            }
            return;
        }
        if (!mayMatchAll && vector.matchers().stream().allMatch(Matcher::matchesEmpty)) {
            throw failure(vector.position(), "vector selector must contain at least one non-empty matcher");
        }
    }

    private void checkAggregated(Expr.Aggregation aggregation, Expr child) {
        if (child == aggregation.expr()) {
            if (child.type() != ValueType.VECTOR) {
                throw expected(child, ValueType.VECTOR, "aggregation expression");
            }
            return;
        }
        ValueType wanted = aggregation.op() == AggregateOp.COUNT_VALUES ? ValueType.STRING : ValueType.SCALAR;
        if (child.type() != wanted) {
            throw expected(child, wanted, "aggregation parameter");
        }
    }

    private void checkBinary(Expr.Binary binary) {
        BinaryOp op = binary.op();
        boolean scalars =
                binary.left().type() == ValueType.SCALAR && binary.right().type() == ValueType.SCALAR;
        if (binary.bool() && !op.isComparison()) {
            throw failure(operatorOf(binary), "bool modifier can only be used on comparison operators");
        }
        if (op.isComparison() && !binary.bool() && scalars) {
            throw failure(operatorOf(binary), "comparisons between scalars must use BOOL modifier");
        }
        VectorMatching matching = misplaced.getOrDefault(binary, binary.matching());
        if (matching != null) {
            checkLabels(binary, matching);
        }
        for (Expr side : binary.children()) {
            if (!isNumeric(side)) {
                throw failure(side.position(), "binary expression must contain only scalar and instant vector types");
            }
        }
        if (misplaced.containsKey(binary)) {
            throw failure(binary.position(), "vector matching only allowed between instant vectors");
        }
        if (op.isSet()) {
            checkSet(binary);
        }
    }

    private void checkLabels(Expr.Binary binary, VectorMatching matching) {
        if (!matching.on()) {
            return;
        }
        for (String label : matching.labels()) {
            if (matching.include().contains(label)) {
                throw failure(
                        operatorOf(binary),
                        "label " + GoQuote.string(label) + " must not occur in ON and GROUP clause at once");
            }
        }
    }

    private void checkSet(Expr.Binary binary) {
        String operator = GoQuote.string(binary.op().symbol());
        VectorMatching matching = binary.matching();
        if (matching == null) {
            throw failure(binary.position(), "set operator " + operator + " not allowed in binary scalar expression");
        }
        if (matching.cardinality() != VectorMatching.Cardinality.MANY_TO_MANY) {
            throw failure(binary.position(), "no grouping allowed for " + operator + " operation");
        }
    }

    /** Where the operator stands: behind the left side and its space. */
    private Position operatorOf(Expr.Binary binary) {
        int start = binary.left().position().end();
        while (start < query.length() && Lexer.isSpace(query.charAt(start))) {
            start++;
        }
        return new Position(start, Math.max(start, binary.right().position().start()));
    }
}
