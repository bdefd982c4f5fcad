package io.auspex.promql;

import io.auspex.platform.GoQuote;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Values of number and string tokens, which the lexer has checked for their form. */
final class Literals {
    private Literals() {}

    /**
     * The value of a number.
     *
     * @throws IllegalArgumentException with the reference's message when it is out of range or malformed
     */
    static double number(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.equals("inf")) {
            return Double.POSITIVE_INFINITY;
        }
        if (lower.equals("nan")) {
            return Double.NaN;
        }
        boolean hexadecimal = lower.startsWith("0x");
        if (!underscoresSeparateDigits(lower, hexadecimal)) {
            throw wrong(text, "invalid syntax");
        }
        String digits = lower.replace("_", "");
        try {
            if (hexadecimal) {
                return Long.parseLong(digits.substring(2), 16);
            }
            if (isOctal(digits)) {
                return Long.parseLong(digits, 8);
            }
            double value = Double.parseDouble(digits);
            if (Double.isInfinite(value)) {
                throw wrong(text, "value out of range");
            }
            return value;
        } catch (NumberFormatException e) {
            throw wrong(text, "invalid syntax");
        }
    }

    private static IllegalArgumentException wrong(String text, String problem) {
        return new IllegalArgumentException(
                "error parsing number: strconv.ParseFloat: parsing " + GoQuote.string(text) + ": " + problem);
    }

    /** Whether a leading zero makes it octal; 63 bits hold 21 digits, more are decimal as in the reference. */
    private static boolean isOctal(String digits) {
        return digits.length() > 1
                && digits.length() <= 21
                && digits.charAt(0) == '0'
                && digits.chars().allMatch(c -> c >= '0' && c <= '7');
    }

    private static boolean underscoresSeparateDigits(String text, boolean hexadecimal) {
        for (int i = text.indexOf('_'); i >= 0; i = text.indexOf('_', i + 1)) {
            boolean afterPrefix = hexadecimal && i == 2;
            boolean between = i > 0
                    && i + 1 < text.length()
                    && (afterPrefix || Character.digit(text.charAt(i - 1), 16) >= 0)
                    && Character.digit(text.charAt(i + 1), 16) >= 0;
            if (!between) {
                return false;
            }
        }
        return true;
    }

    /** The content of a quoted string, its escapes resolved; bytes that are not UTF-8 become U+FFFD. */
    static String string(String quoted) {
        String body = quoted.substring(1, quoted.length() - 1);
        if (quoted.charAt(0) == '`' || body.indexOf('\\') < 0) {
            return body;
        }
        // Bytes, because \xc3\xbf and \303\277 both mean one character.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length());
        int i = 0;
        while (i < body.length()) {
            int rune = body.codePointAt(i);
            i += Character.charCount(rune);
            if (rune != '\\') {
                writeRune(bytes, rune);
                continue;
            }
            char escape = body.charAt(i++);
            int digits = digits(escape);
            if (digits == 0) {
                bytes.write(simpleEscape(escape));
                continue;
            }
            boolean octal = escape <= '7';
            int from = octal ? i - 1 : i;
            int value = Integer.parseUnsignedInt(body.substring(from, from + digits), octal ? 8 : 16);
            i = from + digits;
            if (octal || escape == 'x') {
                bytes.write(value);
            } else {
                writeRune(bytes, value);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int digits(char escape) {
        return switch (escape) {
            case '0', '1', '2', '3', '4', '5', '6', '7' -> 3;
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
    }

    private static int simpleEscape(char escape) {
        return switch (escape) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            default -> escape;
        };
    }

    private static void writeRune(ByteArrayOutputStream bytes, int rune) {
        if (rune < 0x80) {
            bytes.write(rune);
        } else {
            bytes.writeBytes(Character.toString(rune).getBytes(StandardCharsets.UTF_8));
        }
    }
}
