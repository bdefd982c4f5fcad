package io.auspex.promql;

import io.auspex.promql.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** The part of the parser that reads labels in parentheses and how vectors match by them. */
final class GroupingParser {
    private final Parser parser;

    GroupingParser(Parser parser) {
        this.parser = parser;
    }

    VectorMatching matching(BinaryOp op) {
        VectorMatching.Cardinality cardinality =
                op.isSet() ? VectorMatching.Cardinality.MANY_TO_MANY : VectorMatching.Cardinality.ONE_TO_ONE;
        Kind clause = parser.peek().kind();
        if (clause != Kind.ON && clause != Kind.IGNORING) {
            return new VectorMatching(cardinality, List.of(), false, List.of());
        }
        parser.take();
        List<String> labels = grouping();
        List<String> include = List.of();
        Kind group = parser.peek().kind();
        if (group == Kind.GROUP_LEFT || group == Kind.GROUP_RIGHT) {
            parser.take();
            cardinality = group == Kind.GROUP_LEFT
                    ? VectorMatching.Cardinality.MANY_TO_ONE
                    : VectorMatching.Cardinality.ONE_TO_MANY;
            include = parser.peek().kind() == Kind.LEFT_PAREN ? grouping() : include;
        }
        return new VectorMatching(cardinality, labels, clause == Kind.ON, include);
    }

    /** Labels in parentheses; a comma may stand behind the last. */
    List<String> grouping() {
        if (!parser.accept(Kind.LEFT_PAREN)) {
            throw parser.unexpected("grouping opts", "\"(\"");
        }
        List<String> labels = new ArrayList<>();
        if (parser.accept(Kind.RIGHT_PAREN)) {
            return labels;
        }
        do {
            if (!labels.isEmpty() && parser.peek().kind() == Kind.RIGHT_PAREN) {
                break;
            }
            labels.add(groupingLabel());
        } while (parser.accept(Kind.COMMA));
        if (!parser.accept(Kind.RIGHT_PAREN)) {
            throw parser.unexpected("grouping opts", "\",\" or \")\"");
        }
        return labels;
    }

    private String groupingLabel() {
        Token token = parser.peek();
        if (token.kind() != Kind.STRING && !token.kind().namesLabel()) {
            throw parser.unexpected("grouping opts", "label");
        }
        parser.take();
        String name = token.kind() == Kind.STRING ? Literals.string(token.text()) : token.text();
        if (name.isEmpty()) {
            throw parser.failure(token.position(), "invalid label name for grouping: \"\"");
        }
        return name;
    }
}
