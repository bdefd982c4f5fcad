package io.auspex.promql;

import io.auspex.platform.GoQuote;

/** The characters of a query, and the forms of its numbers, durations and escapes. */
class Scanner {
    static final int END = -1;
    static final int INVALID = 0xFFFD;

    final String input;

    /** Where the token that is being read begins. */
    int start;

    /** Where the next character is read. */
    int position;

    Scanner(String input) {
        this.input = input;
    }

    /** Reads an escape sequence after its backslash; the problem with it, or nothing. */
    final String escape(int quote) {
        int rune = read();
        if (rune == quote) {
            return "";
        }
        return switch (rune) {
            case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\' -> "";
            case '0', '1', '2', '3', '4', '5', '6', '7' -> escapedNumber(rune, 3, 8, 255);
            case 'x' -> escapedNumber(read(), 2, 16, 255);
            case 'u' -> escapedNumber(read(), 4, 16, Character.MAX_CODE_POINT);
            case 'U' -> escapedNumber(read(), 8, 16, Character.MAX_CODE_POINT);
            case END -> "escape sequence not terminated";
            default -> "unknown escape sequence " + GoQuote.unicode(rune);
        };
    }

    private String escapedNumber(int first, int digits, int base, long most) {
        long value = 0;
        int rune = first;
        for (int left = digits; left > 0; left--) {
            int digit = rune < 128 && rune >= 0 ? Character.digit(rune, 16) : -1;
            if (rune == END) {
                return "escape sequence not terminated";
            }
            if (digit < 0 || digit >= base) {
                return "illegal character " + GoQuote.unicode(rune) + " in escape sequence";
            }
            value = value * base + digit;
            if (left > 1) {
                rune = read();
            }
        }
        boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        return value > most || surrogate ? "escape sequence is an invalid Unicode code point" : "";
    }

    /**
     * Reads what may be a number; what was read stays read when it is not, for the error to show.
     *
     * <p>The order of the attempts is the reference's, which makes an {@code e} that is the second digit of a
     * hexadecimal number an exponent.
     */
    final boolean scanNumber() {
        boolean hexadecimal = accept('0') && (accept('x') || accept('X'));
        if (hexadecimal) {
            accept('_');
        }
        accept('.');
        acceptDigits(hexadecimal, 1);
        boolean dot = false;
        boolean exponent = false;
        while (true) {
            int rune = peek();
            if (rune == '.') {
                position++;
                if (dot || acceptAny("_.") || hexadecimal) {
                    return false;
                }
                dot = true;
            } else if (rune == 'e' || rune == 'E') {
                position++;
                if (exponent) {
                    return false;
                }
                exponent = true;
                acceptAny("+-");
                if (acceptAny("._eE") || peek() == END) {
                    return false;
                }
            } else if (rune == '_') {
                position++;
                if (acceptAny("._eE") || peek() == END) {
                    return false;
                }
            } else if (!acceptDigits(hexadecimal, Integer.MAX_VALUE)) {
                return position > start && !isAlphaNumeric(rune);
            }
        }
    }

    private boolean acceptDigits(boolean hexadecimal, int most) {
        int first = position;
        while (position - first < most && (hexadecimal ? isHex(peek()) : isDigit(peek()))) {
            position++;
        }
        return position > first;
    }

    private boolean acceptAny(String characters) {
        int rune = peek();
        if (rune != END && characters.indexOf(rune) >= 0) {
            position++;
            return true;
        }
        return false;
    }

    /** Reads the rest of a duration after its first number; units are checked when it is parsed. */
    final boolean scanDuration() {
        if (!acceptUnit(true)) {
            return false;
        }
        while (isDigit(peek())) {
            while (isDigit(peek())) {
                position++;
            }
            if (!acceptUnit(false)) {
                return false;
            }
        }
        if (isAlphaNumeric(peek())) {
            position++;
            return false;
        }
        return true;
    }

    private boolean acceptUnit(boolean years) {
        int rune = peek();
        boolean unit =
                rune == 's' || rune == 'm' || rune == 'h' || rune == 'd' || rune == 'w' || (years && rune == 'y');
        if (unit) {
            position++;
            accept('s');
        }
        return unit;
    }

    final int read() {
        if (position >= input.length()) {
            return END;
        }
        int rune = input.codePointAt(position);
        position += Character.charCount(rune);
        boolean lone = rune >= Character.MIN_SURROGATE && rune <= Character.MAX_SURROGATE;
        return lone ? INVALID : rune;
    }

    final int readOrInvalid() {
        int rune = read();
        return rune == END ? INVALID : rune;
    }

    final int peek() {
        return position < input.length() ? input.charAt(position) : END;
    }

    final boolean accept(char expected) {
        if (peek() == expected) {
            position++;
            return true;
        }
        return false;
    }

    static boolean isSpace(int rune) {
        return rune == ' ' || rune == '\t' || rune == '\n' || rune == '\r';
    }

    static boolean isDigit(int rune) {
        return rune >= '0' && rune <= '9';
    }

    private static boolean isHex(int rune) {
        return isDigit(rune) || (rune >= 'a' && rune <= 'f') || (rune >= 'A' && rune <= 'F');
    }

    static boolean isAlpha(int rune) {
        return rune == '_' || (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
    }

    static boolean isAlphaNumeric(int rune) {
        return isAlpha(rune) || isDigit(rune);
    }
}
