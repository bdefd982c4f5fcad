package io.auspex.promql;

import io.auspex.platform.GoQuote;
import io.auspex.platform.PromDuration;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text of a query's tree, as the reference writes it: {@link #line} on one line, {@link #pretty} with what
 * is longer than 100 characters split and indented.
 */
public final class Printer {
    private static final int MAX_LINE = 100;
    private static final Pattern PLAIN_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private Printer() {}

    /** The canonical text, which parses to the same tree. */
    public static String line(Expr expr) {
        StringBuilder out = new StringBuilder();
        expr.accept(new LineWriter(out, false));
        return out.toString();
    }

    /** The formatted text, which parses to the same tree. */
    public static String pretty(Expr expr) {
        return pretty(expr, 0);
    }

    private static String pretty(Expr expr, int level) {
        String indent = "  ".repeat(level);
        if (expr instanceof Expr.Unary unary) {
            return indent + unary.op().symbol() + pretty(unary.expr(), level).strip();
        }
        String line = line(expr);
        if (line.length() <= MAX_LINE) {
            // The reference does not indent a short subquery.
            return expr instanceof Expr.Subquery ? line : indent + line;
        }
        if (expr instanceof Expr.Aggregation aggregation) {
            String parameter =
                    aggregation.parameter() == null ? "" : pretty(aggregation.parameter(), level + 1) + ",\n";
            return indent + head(aggregation) + "(\n" + parameter + pretty(aggregation.expr(), level + 1) + "\n"
                    + indent + ")";
        }
        if (expr instanceof Expr.Binary binary) {
            return pretty(binary.left(), level + 1) + "\n" + indent + operator(binary) + "\n"
                    + pretty(binary.right(), level + 1);
        }
        if (expr instanceof Expr.Call call) {
            String arguments = call.arguments().stream()
                    .map(argument -> pretty(argument, level + 1))
                    .collect(Collectors.joining(",\n"));
            return indent + call.function().name() + "(\n" + arguments + "\n" + indent + ")";
        }
        if (expr instanceof Expr.Parens parens) {
            return indent + "(\n" + pretty(parens.expr(), level + 1) + "\n" + indent + ")";
        }
        if (expr instanceof Expr.Subquery subquery) {
            return pretty(subquery.expr(), level) + suffix(subquery);
        }
        return indent + line;
    }

    private static String head(Expr.Aggregation aggregation) {
        String keyword = aggregation.op().keyword();
        if (aggregation.without()) {
            return keyword + " without (" + names(aggregation.grouping()) + ") ";
        }
        return aggregation.grouping().isEmpty() ? keyword : keyword + " by (" + names(aggregation.grouping()) + ") ";
    }

    private static String operator(Expr.Binary binary) {
        StringBuilder out = new StringBuilder(binary.op().symbol());
        if (binary.bool()) {
            out.append(" bool");
        }
        VectorMatching matching = binary.matching();
        if (matching == null) {
            return out.toString();
        }
        String group = switch (matching.cardinality()) {
            case MANY_TO_ONE -> " group_left (";
            case ONE_TO_MANY -> " group_right (";
            case ONE_TO_ONE, MANY_TO_MANY -> "";
        };
        if (!matching.labels().isEmpty() || matching.on() || !group.isEmpty()) {
            out.append(matching.on() ? " on (" : " ignoring (")
                    .append(names(matching.labels()))
                    .append(')');
        }
        if (!group.isEmpty()) {
            out.append(group).append(names(matching.include())).append(')');
        }
        return out.toString();
    }

    /** The text of a node itself: what it works on is an ellipsis unless it is a literal. */
    static String own(Expr expr) {
        StringBuilder out = new StringBuilder();
        expr.accept(new LineWriter(out, true));
        return out.toString();
    }

    private static String names(List<String> labels) {
        return labels.stream().map(Printer::name).collect(Collectors.joining(", "));
    }

    private static String name(String label) {
        return PLAIN_NAME.matcher(label).matches() ? label : GoQuote.string(label);
    }

    private static String suffix(Expr.Subquery subquery) {
        DurationExpr step = subquery.step();
        return "[" + duration(subquery.range()) + ":" + (step == null ? "" : duration(step)) + "]" + at(subquery.at())
                + offset(subquery.offset());
    }

    private static String at(@Nullable At at) {
        if (at == null) {
            return "";
        }
        return switch (at.kind()) {
            case START -> " @ start()";
            case END -> " @ end()";
            case TIMESTAMP -> String.format(Locale.ROOT, " @ %.3f", at.millis() / 1000.0);
        };
    }

    private static String offset(DurationExpr offset) {
        return Modifiers.isSet(offset) ? " offset " + duration(offset) : "";
    }

    /** A whole range, step or offset: a literal always with units. */
    private static String duration(DurationExpr duration) {
        return duration instanceof DurationExpr.Literal literal
                ? PromDuration.format(literal.millis())
                : arithmetic(duration);
    }

    private static String arithmetic(DurationExpr duration) {
        if (duration instanceof DurationExpr.Binary binary) {
            return arithmetic(binary.left()) + " " + binary.op().symbol() + " " + arithmetic(binary.right());
        }
        if (duration instanceof DurationExpr.Unary unary) {
            return unary.op().symbol() + arithmetic(unary.expr());
        }
        if (duration instanceof DurationExpr.Parens parens) {
            return "(" + arithmetic(parens.expr()) + ")";
        }
        DurationExpr.Literal literal = (DurationExpr.Literal) duration;
        return literal.unit() ? PromDuration.format(literal.millis()) : ShortestDecimal.plain(literal.seconds());
    }

    private static String matcher(Matcher matcher) {
        return name(matcher.name()) + matcher.type().symbol() + GoQuote.string(matcher.value());
    }

    /**
     * Writes a tree on one line.
     *
     * @param rootOnly whether what the root works on is left out
     */
    private record LineWriter(StringBuilder out, boolean rootOnly) implements Expr.Visitor<StringBuilder> {
        private StringBuilder write(Expr expr) {
            return rootOnly && !Exprs.isLiteral(Exprs.unwrap(expr)) ? out.append('\u2026') : expr.accept(this);
        }

        @Override
        public StringBuilder number(Expr.NumberLiteral node) {
            return out.append(
                    node.duration()
                            ? PromDuration.format(Math.round(node.value() * 1000))
                            : ShortestDecimal.plain(node.value()));
        }

        @Override
        public StringBuilder string(Expr.StringLiteral node) {
            return out.append(GoQuote.string(node.value()));
        }

        @Override
        public StringBuilder vector(Expr.VectorSelector node) {
            return selector(node).append(at(node.at())).append(offset(node.offset()));
        }

        private StringBuilder selector(Expr.VectorSelector node) {
            out.append(node.name());
            String matchers = node.matchers().stream()
                    .filter(matcher -> !isName(matcher, node.name()))
                    .map(Printer::matcher)
                    .sorted()
                    .collect(Collectors.joining(","));
            return matchers.isEmpty() ? out : out.append('{').append(matchers).append('}');
        }

        private static boolean isName(Matcher matcher, String name) {
            return matcher.name().equals(Labels.METRIC_NAME)
                    && matcher.type() == Matcher.Type.EQUAL
                    && !name.isEmpty()
                    && matcher.value().equals(name);
        }

        @Override
        public StringBuilder matrix(Expr.MatrixSelector node) {
            return selector(node.vector())
                    .append('[')
                    .append(duration(node.range()))
                    .append(']')
                    .append(at(node.vector().at()))
                    .append(offset(node.vector().offset()));
        }

        @Override
        public StringBuilder subquery(Expr.Subquery node) {
            return write(node.expr()).append(suffix(node));
        }

        @Override
        public StringBuilder aggregation(Expr.Aggregation node) {
            out.append(head(node)).append('(');
            if (node.parameter() != null) {
                write(node.parameter()).append(", ");
            }
            return write(node.expr()).append(')');
        }

        @Override
        public StringBuilder call(Expr.Call node) {
            out.append(node.function().name()).append('(');
            for (int i = 0; i < node.arguments().size(); i++) {
                out.append(i == 0 ? "" : ", ");
                write(node.arguments().get(i));
            }
            return out.append(')');
        }

        @Override
        public StringBuilder binary(Expr.Binary node) {
            write(node.left()).append(' ').append(operator(node)).append(' ');
            return write(node.right());
        }

        @Override
        public StringBuilder unary(Expr.Unary node) {
            out.append(node.op().symbol());
            return write(node.expr());
        }

        @Override
        public StringBuilder parens(Expr.Parens node) {
            out.append('(');
            return write(node.expr()).append(')');
        }

        @Override
        public StringBuilder stepInvariant(Expr.StepInvariant node) {
            return write(node.expr());
        }
    }
}
