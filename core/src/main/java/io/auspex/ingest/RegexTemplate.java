package io.auspex.ingest;

import com.google.re2j.Matcher;

/**
 * A text in which {@code $1}, {@code $name} and <code>${name}</code> stand for groups of a regular expression, as Go
 * expands it: a name is as long as it can be, {@code $$} is one dollar, what names no group is nothing.
 */
final class RegexTemplate {
    private static final int MOST_DIGITS = 8;

    private final String text;

    RegexTemplate(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Whether nothing in it depends on a match. */
    boolean isPlain() {
        return text.indexOf('$') < 0;
    }

    /** The text for a match of a value. */
    String expand(Matcher match, String value) {
        if (isPlain()) {
            return text;
        }
        StringBuilder into = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0) {
                break;
            }
            into.append(text, at, dollar);
            at = dollar + 1;
            if (at < text.length() && text.charAt(at) == '$') {
                into.append('$');
                at++;
                continue;
            }
            boolean braced = at < text.length() && text.charAt(at) == '{';
            int from = braced ? at + 1 : at;
            int end = from;
            while (end < text.length() && isNamePart(text.charAt(end))) {
                end++;
            }
            if (end == from || (braced && (end == text.length() || text.charAt(end) != '}'))) {
                into.append('$');
                continue;
            }
            into.append(group(text.substring(from, end), match, value));
            at = braced ? end + 1 : end;
        }
        return into.append(text, at, text.length()).toString();
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static String group(String name, Matcher match, String value) {
        int number = number(name);
        if (number < 0) {
            Integer named = match.pattern().namedGroups().get(name);
            number = named == null ? Integer.MAX_VALUE : named;
        }
        boolean present = number <= match.groupCount() && match.start(number) >= 0;
        return present ? value.substring(match.start(number), match.end(number)) : "";
    }

    private static int number(String name) {
        boolean digits = name.length() <= MOST_DIGITS && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && (name.length() == 1 || name.charAt(0) != '0') ? Integer.parseInt(name) : -1;
    }
}
