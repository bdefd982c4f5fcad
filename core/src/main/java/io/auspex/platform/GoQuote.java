package io.auspex.platform;

import java.util.Locale;

/** Text in quotes as the reference's implementation language writes it in errors and queries. */
public final class GoQuote {
    private GoQuote() {}

    /** A string in double quotes. */
    public static String string(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(rune -> append(out, rune, '"'));
        return out.append('"').toString();
    }

    /** A character in single quotes. */
    public static String rune(int rune) {
        StringBuilder out = new StringBuilder().append('\'');
        append(out, rune, '\'');
        return out.append('\'').toString();
    }

    /** A character by number and, when it can be shown, by shape: {@code U+0063 'c'}. */
    public static String unicode(int rune) {
        String number = String.format(Locale.ROOT, "U+%04X", rune);
        return isPrintable(rune) ? number + " '" + Character.toString(rune) + "'" : number;
    }

    private static void append(StringBuilder out, int rune, char quote) {
        switch (rune) {
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            case '\\' -> out.append("\\\\");
            default -> {
                if (rune == quote) {
                    out.append('\\').append(quote);
                } else if (isPrintable(rune)) {
                    out.appendCodePoint(rune);
                } else {
                    out.append(escape(rune));
                }
            }
        }
    }

    private static String escape(int rune) {
        if (rune < ' ' || rune == 0x7f) {
            return String.format(Locale.ROOT, "\\x%02x", rune);
        }
        return String.format(Locale.ROOT, rune < 0x10000 ? "\\u%04x" : "\\U%08x", rune);
    }

    private static boolean isPrintable(int rune) {
        if (rune == ' ') {
            return true;
        }
        return switch (Character.getType(rune)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
