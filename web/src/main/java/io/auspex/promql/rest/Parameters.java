package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.PromDuration;
import io.auspex.promql.Parser;
import io.auspex.series.Matcher;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The parameters of a request, of its query string and form alike, read as the reference reads them.
 *
 * <p>What cannot be read is BAD_DATA with the reference's message.
 */
final class Parameters {
    /** The earliest and latest time that can be asked for, far beyond any sample. */
    static final long MIN_MILLIS = -62_135_596_800_000L;

    static final long MAX_MILLIS = 253_402_300_799_999L;

    private static final double MAX_DURATION_SECONDS = 9_223_372_036.0;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");
    private static final String[] NONE = new String[0];

    private final Map<String, String[]> values;

    Parameters(Map<String, String[]> values) {
        this.values = values;
    }

    /** The first value of a parameter, empty when it is missing. */
    String text(String name) {
        String[] all = values.getOrDefault(name, NONE);
        return all.length == 0 ? "" : all[0];
    }

    boolean has(String name) {
        return !text(name).isEmpty();
    }

    /** A time in Unix milliseconds, or the given one when it is missing. */
    long time(String name, long otherwise) {
        return has(name) ? time(name) : otherwise;
    }

    /** A time in Unix milliseconds: seconds with fraction, or RFC 3339. */
    long time(String name) {
        String text = text(name);
        try {
            if (NUMBER.matcher(text).matches()) {
                long millis = Math.round(Double.parseDouble(text) * 1000);
                if (millis < MIN_MILLIS || millis > MAX_MILLIS) {
                    throw invalid(name, "cannot parse \"" + text + "\" to a valid timestamp");
                }
                return millis;
            }
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw invalid(name, "cannot parse \"" + text + "\" to a valid timestamp");
        }
    }

    /** A duration in milliseconds: seconds with fraction, or with units as {@code 5m}. */
    long duration(String name) {
        String text = text(name);
        if (NUMBER.matcher(text).matches()) {
            double seconds = Double.parseDouble(text);
            if (Math.abs(seconds) > MAX_DURATION_SECONDS) {
                throw invalid(name, "cannot parse \"" + text + "\" to a valid duration. It overflows int64");
            }
            return new BigDecimal(text).movePointRight(3).longValue();
        }
        try {
            return PromDuration.parseMillis(text);
        } catch (AuspexException e) {
            throw invalid(name, "cannot parse \"" + text + "\" to a valid duration");
        }
    }

    /** A duration in milliseconds, absent when it is not given. */
    OptionalLong optionalDuration(String name) {
        return has(name) ? OptionalLong.of(duration(name)) : OptionalLong.empty();
    }

    /** How many results at most; 0 for all. */
    int limit() {
        String text = text("limit");
        if (text.isEmpty()) {
            return 0;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit < 0) {
                throw invalid("limit", "limit must be non-negative");
            }
            return limit;
        } catch (NumberFormatException e) {
            throw invalid("limit", "cannot parse \"" + text + "\" to a valid limit");
        }
    }

    /** A whole number, or the given one when it is missing. */
    int number(String name, String otherwiseMessage, int missing) {
        try {
            return has(name) ? Integer.parseInt(text(name)) : missing;
        } catch (NumberFormatException e) {
            throw new AuspexException(Code.BAD_DATA, otherwiseMessage, e);
        }
    }

    /** The selectors of {@code match[]}, each with at least one matcher that needs a value. */
    List<List<Matcher>> matchers() {
        List<List<Matcher>> sets = selectors("match[]");
        for (List<Matcher> set : sets) {
            if (set.stream().allMatch(Matcher::matchesEmpty)) {
                throw invalid("match[]", "match[] must contain at least one non-empty matcher");
            }
        }
        return sets;
    }

    /** Each value of a parameter, as it was sent. */
    List<String> all(String name) {
        return List.of(values.getOrDefault(name, NONE));
    }

    /** The selectors of a parameter, whatever they match. */
    List<List<Matcher>> selectors(String name) {
        List<List<Matcher>> sets = new ArrayList<>();
        for (String selector : values.getOrDefault(name, NONE)) {
            try {
                sets.add(Parser.parseSelector(selector));
            } catch (AuspexException e) {
                throw invalid(name, e.detail());
            }
        }
        return sets;
    }

    /** The message of a parameter that cannot be read. */
    static AuspexException invalid(String name, String problem) {
        return new AuspexException(Code.BAD_DATA, "invalid parameter \"" + name + "\": " + problem);
    }

    /** A label name from a path: quoted names come escaped, {@code U__http_2e_status}. */
    static Optional<String> labelName(String path) {
        if (!path.startsWith("U__")) {
            return path.isEmpty() ? Optional.empty() : Optional.of(path);
        }
        StringBuilder name = new StringBuilder();
        int i = 3;
        while (i < path.length()) {
            char c = path.charAt(i++);
            if (c != '_') {
                name.append(c);
                continue;
            }
            int end = path.indexOf('_', i);
            if (end == i) {
                name.append('_');
            } else if (end < 0 || end - i > 6 || !appendRune(name, path.substring(i, end))) {
                // Not an escape after all, so it is a name that happens to begin like one.
                return Optional.of(path);
            }
            i = end + 1;
        }
        return Optional.of(name.toString());
    }

    private static boolean appendRune(StringBuilder name, String hexadecimal) {
        try {
            int rune = Integer.parseInt(hexadecimal, 16);
            if (!Character.isValidCodePoint(rune)) {
                return false;
            }
            name.appendCodePoint(rune);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
