package io.auspex.promql;

import io.auspex.platform.GoQuote;
import io.auspex.promql.Token.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The words of a query, one after the other. After an error token only that error comes.
 *
 * <p>What a word is depends on where it stands: braces hold labels and strings, brackets hold durations.
 */
final class Lexer extends Scanner {
    private static final Map<String, Kind> KEYWORDS = keywords();

    private int parentheses;
    private boolean braceOpen;
    private boolean bracketOpen;
    /** Whether no number of the open bracket has been read yet. */
    private boolean durationExpected;

    private boolean colonSeen;

    Lexer(String input) {
        super(input);
    }

    private static Map<String, Kind> keywords() {
        Map<String, Kind> words = new HashMap<>();
        for (AggregateOp op : AggregateOp.values()) {
            words.put(op.keyword(), Kind.AGGREGATOR);
        }
        for (Kind kind : new Kind[] {
            Kind.AND,
            Kind.OR,
            Kind.UNLESS,
            Kind.ATAN2,
            Kind.OFFSET,
            Kind.BY,
            Kind.WITHOUT,
            Kind.ON,
            Kind.IGNORING,
            Kind.GROUP_LEFT,
            Kind.GROUP_RIGHT,
            Kind.BOOL,
            Kind.START,
            Kind.END
        }) {
            words.put(kind.name().toLowerCase(Locale.ROOT), kind);
        }
        words.put("inf", Kind.NUMBER);
        words.put("nan", Kind.NUMBER);
        return words;
    }

    /** The next token; at the end of the input always {@link Kind#EOF}. */
    Token next() {
        skipSpaceAndComments();
        start = position;
        if (braceOpen) {
            return insideBraces();
        }
        return bracketOpen && durationExpected ? insideBrackets() : statement();
    }

    private void skipSpaceAndComments() {
        boolean comments = !(bracketOpen && durationExpected);
        while (position < input.length()) {
            char c = input.charAt(position);
            if (isSpace(c)) {
                position++;
            } else if (c == '#' && comments) {
                skipLine();
            } else {
                return;
            }
        }
    }

    private void skipLine() {
        while (position < input.length() && input.charAt(position) != '\n' && input.charAt(position) != '\r') {
            position++;
        }
    }

    private Token statement() {
        int rune = read();
        return switch (rune) {
            case END -> endOfInput();
            case ',' -> emit(Kind.COMMA);
            case '*', '/', '%', '+', '-', '^' -> operator(rune);
            case '=' -> equals();
            case '!' ->
                accept('=')
                        ? emit(Kind.NEQ)
                        : error("unexpected character after '!': " + GoQuote.rune(readOrInvalid()));
            case '<' -> accept('=') ? emit(Kind.LTE) : emit(Kind.LSS);
            case '>' -> accept('=') ? emit(Kind.GTE) : emit(Kind.GTR);
            case '"', '\'' -> string(rune);
            case '`' -> rawString();
            case '(' -> openParenthesis();
            case ')' -> closeParenthesis();
            case '{' -> {
                braceOpen = true;
                yield emit(Kind.LEFT_BRACE);
            }
            case '[' -> openBracket();
            case ']' -> closeBracket();
            case '@' -> emit(Kind.AT);
            default -> word(rune);
        };
    }

    private Token word(int rune) {
        if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
            position = start;
            return numberOrDuration();
        }
        if (!isAlpha(rune) && rune != ':') {
            return error("unexpected character: " + GoQuote.rune(rune));
        }
        if (!bracketOpen) {
            return keywordOrIdentifier();
        }
        if (rune != ':') {
            return error("unexpected character: " + GoQuote.rune(rune) + ", expected ':'");
        }
        if (colonSeen) {
            return error("unexpected colon ':'");
        }
        colonSeen = true;
        return emit(Kind.COLON);
    }

    private Token endOfInput() {
        if (parentheses != 0) {
            return error("unclosed left parenthesis");
        }
        return bracketOpen ? error("unclosed left bracket") : emit(Kind.EOF);
    }

    private Token operator(int rune) {
        return emit(
                switch (rune) {
                    case '*' -> Kind.MUL;
                    case '/' -> Kind.DIV;
                    case '%' -> Kind.MOD;
                    case '+' -> Kind.ADD;
                    case '-' -> Kind.SUB;
                    default -> Kind.POW;
                });
    }

    private Token equals() {
        if (accept('=')) {
            return emit(Kind.EQLC);
        }
        return peek() == '~' ? error("unexpected character after '=': '~'") : emit(Kind.EQL);
    }

    private Token openParenthesis() {
        parentheses++;
        return emit(Kind.LEFT_PAREN);
    }

    private Token closeParenthesis() {
        parentheses--;
        if (parentheses < 0) {
            start = position;
            return error("unexpected right parenthesis ')'");
        }
        return emit(Kind.RIGHT_PAREN);
    }

    private Token openBracket() {
        if (bracketOpen) {
            return error("unexpected left bracket '['");
        }
        bracketOpen = true;
        durationExpected = true;
        colonSeen = false;
        return emit(Kind.LEFT_BRACKET);
    }

    private Token closeBracket() {
        if (!bracketOpen) {
            return error("unexpected right bracket ']'");
        }
        bracketOpen = false;
        return emit(Kind.RIGHT_BRACKET);
    }

    /** A word where a duration, or arithmetic over durations, is expected. */
    private Token insideBrackets() {
        int rune = read();
        return switch (rune) {
            case END -> error("unexpected end of input in duration expression");
            case ']' -> closeBracket();
            case '(' -> openParenthesis();
            case ')' -> closeParenthesis();
            case '*', '/', '%', '+', '-', '^' -> operator(rune);
            case ':' -> {
                start = position;
                yield error("unexpected colon before duration in duration expression");
            }
            default -> {
                if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
                    position = start;
                    durationExpected = false;
                    yield numberOrDuration();
                }
                yield error("unexpected character in duration expression: " + GoQuote.rune(rune));
            }
        };
    }

    private Token insideBraces() {
        int rune = read();
        return switch (rune) {
            case END -> error("unexpected end of input inside braces");
            case ',' -> emit(Kind.COMMA);
            case '"', '\'' -> string(rune);
            case '`' -> rawString();
            case '=' -> accept('~') ? emit(Kind.EQL_REGEX) : emit(Kind.EQL);
            case '!' -> {
                if (accept('~')) {
                    yield emit(Kind.NEQ_REGEX);
                }
                yield accept('=')
                        ? emit(Kind.NEQ)
                        : error("unexpected character after '!' inside braces: " + GoQuote.rune(readOrInvalid()));
            }
            case '{' -> error("unexpected left brace '{'");
            case '}' -> {
                braceOpen = false;
                yield emit(Kind.RIGHT_BRACE);
            }
            default -> {
                if (isAlpha(rune)) {
                    skipAlphaNumeric(false);
                    yield emit(Kind.IDENTIFIER);
                }
                yield error("unexpected character inside braces: " + GoQuote.rune(rune));
            }
        };
    }

    private Token keywordOrIdentifier() {
        boolean colon = input.charAt(start) == ':';
        colon |= skipAlphaNumeric(true);
        if (colon) {
            return emit(Kind.METRIC_IDENTIFIER);
        }
        String word = input.substring(start, position).toLowerCase(Locale.ROOT);
        return emit(KEYWORDS.getOrDefault(word, Kind.IDENTIFIER));
    }

    /** Reads on over letters and digits; whether a colon was among them. */
    private boolean skipAlphaNumeric(boolean colons) {
        boolean seen = false;
        while (isAlphaNumeric(peek()) || (colons && peek() == ':')) {
            seen |= input.charAt(position) == ':';
            position++;
        }
        return seen;
    }

    private Token string(int quote) {
        while (true) {
            int rune = read();
            if (rune == quote) {
                return emit(Kind.STRING);
            }
            if (rune == END || rune == '\n') {
                return error("unterminated quoted string");
            }
            if (rune == INVALID) {
                return error("invalid UTF-8 rune");
            }
            if (rune == '\\') {
                String problem = escape(quote);
                if (!problem.isEmpty()) {
                    return error(problem);
                }
            }
        }
    }

    private Token rawString() {
        while (true) {
            int rune = read();
            if (rune == '`') {
                return emit(Kind.STRING);
            }
            if (rune == END) {
                return error("unterminated raw string");
            }
            if (rune == INVALID) {
                return error("invalid UTF-8 rune");
            }
        }
    }

    private Token numberOrDuration() {
        if (scanNumber()) {
            return emit(Kind.NUMBER);
        }
        if (scanDuration()) {
            return emit(Kind.DURATION);
        }
        return error("bad number or duration syntax: " + GoQuote.string(input.substring(start, position)));
    }

    private Token emit(Kind kind) {
        return new Token(kind, start, position, input.substring(start, position));
    }

    private Token error(String problem) {
        return new Token(Kind.ERROR, start, input.length(), problem);
    }
}
