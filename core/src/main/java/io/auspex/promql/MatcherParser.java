package io.auspex.promql;

import io.auspex.platform.AuspexException;
import io.auspex.promql.Token.Kind;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import java.util.List;

/** The part of the parser that reads label matchers in braces. */
final class MatcherParser {
    private static final String CONTEXT = "label matching";

    private final Parser parser;

    MatcherParser(Parser parser) {
        this.parser = parser;
    }

    /** Reads from the opening to the closing brace, whose position it answers. */
    Position braces(List<Matcher> into) {
        parser.expect(Kind.LEFT_BRACE);
        while (true) {
            Token token = parser.peek();
            if (parser.accept(Kind.RIGHT_BRACE)) {
                return token.position();
            }
            into.add(matcher());
            Token separator = parser.peek();
            if (parser.accept(Kind.RIGHT_BRACE)) {
                return separator.position();
            }
            if (!parser.accept(Kind.COMMA)) {
                throw parser.unexpected(CONTEXT, "\",\" or \"}\"");
            }
        }
    }

    private Matcher matcher() {
        Token label = parser.peek();
        if (label.kind() != Kind.IDENTIFIER && label.kind() != Kind.STRING) {
            throw parser.unexpected(CONTEXT, "identifier or \"}\"");
        }
        parser.take();
        String name = label.kind() == Kind.STRING ? Literals.string(label.text()) : label.text();
        Kind operator = parser.peek().kind();
        Matcher.Type type = switch (operator) {
            case EQL -> Matcher.Type.EQUAL;
            case NEQ -> Matcher.Type.NOT_EQUAL;
            case EQL_REGEX -> Matcher.Type.REGEX;
            case NEQ_REGEX -> Matcher.Type.NOT_REGEX;
            default -> null;
        };
        if (type == null) {
            if (label.kind() == Kind.STRING) {
                return Matcher.equal(Labels.METRIC_NAME, name);
            }
            throw parser.unexpected(CONTEXT, "label matching operator");
        }
        parser.take();
        Token value = parser.peek();
        if (!parser.accept(Kind.STRING)) {
            throw parser.unexpected(CONTEXT, "string");
        }
        try {
            return new Matcher(type, name, Literals.string(value.text()));
        } catch (AuspexException e) {
            throw parser.failure(label.position().to(value.position()), e.detail());
        }
    }
}
