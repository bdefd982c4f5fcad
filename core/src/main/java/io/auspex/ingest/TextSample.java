package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads one sample line of the Prometheus text format or of OpenMetrics:
 * {@code name{label="value",...} value timestamp # {label="value"} value timestamp}.
 *
 * <p>OpenMetrics has exactly one space between parts, no comma behind the last label, and timestamps in seconds; the
 * older format is lenient about space and has milliseconds. Kept and reused. Not thread-safe.
 */
final class TextSample {
    /** What Prometheus writes for NaN that is not a stale marker. */
    private static final double NAN = Double.longBitsToDouble(0x7ff8000000000001L);

    private static final long[] TENS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};
    private static final int MOST_NUMBER = 64;

    final LabelList labels = new LabelList();
    final LabelList exemplarLabels = new LabelList();
    double value;
    boolean hasTimestamp;

    /** Unix milliseconds, when there is one. */
    long timestamp;

    boolean hasExemplar;
    double exemplarValue;
    boolean exemplarHasTimestamp;
    long exemplarTimestamp;

    private byte[] bytes = {};
    private int at;
    private int end;
    private boolean strict;
    private int nameAt;
    private int nameLength;
    private int mostLabels;

    /** The metric's name. */
    String name() {
        return labels.text(nameAt, nameLength);
    }

    void read(byte[] source, int from, int to, boolean openMetrics, int maxLabels) throws BadLine {
        bytes = source;
        at = from;
        end = to;
        strict = openMetrics;
        mostLabels = maxLabels;
        labels.clear();
        hasExemplar = false;
        nameLength = -1;
        readName();
        if (at < end && bytes[at] == '{') {
            readLabels(labels, true);
        }
        if (nameLength <= 0) {
            throw new BadLine("the metric name is missing");
        }
        labels.addMetricName(nameAt, nameLength);
        space("value");
        value = number("value");
        hasTimestamp = false;
        if (nextPart() && bytes[at] != '#') {
            timestamp = time();
            hasTimestamp = true;
            nextPart();
        }
        if (at < end) {
            readExemplar();
        }
        if (strict && labels.hasDuplicate()) {
            throw new BadLine("a label name occurs twice");
        }
    }

    /** Steps over the space before an optional part; whether there is one. */
    private boolean nextPart() throws BadLine {
        if (at == end) {
            return false;
        }
        space("end of the line");
        if (strict && at == end) {
            throw new BadLine("space at the end of the line");
        }
        return at < end;
    }

    private void space(String before) throws BadLine {
        int from = at;
        while (at < end && (bytes[at] == ' ' || (!strict && (bytes[at] == '\t' || bytes[at] == '\r')))) {
            at++;
        }
        boolean afterBraces = !strict && from > 0 && bytes[from - 1] == '}';
        if ((at == from && !afterBraces) || (strict && at - from > 1)) {
            throw new BadLine("one space is expected before the " + before + " at column " + column());
        }
    }

    private int column() {
        int start = at;
        while (start > 0 && bytes[start - 1] != '\n') {
            start--;
        }
        return at - start + 1;
    }

    private void readName() throws BadLine {
        nameAt = labels.words().size();
        int from = at;
        while (at < end && isNameByte(bytes[at], at == from)) {
            at++;
        }
        if (at > from) {
            labels.words().writeBytes(bytes, from, at - from);
            nameLength = at - from;
        }
        if (!strict) {
            while (at < end && bytes[at] == ' ' && followsBrace()) {
                at++;
            }
        }
    }

    /** Whether the older format's space before the braces is what comes. */
    private boolean followsBrace() {
        int next = at;
        while (next < end && (bytes[next] == ' ' || bytes[next] == '\t')) {
            next++;
        }
        return next < end && bytes[next] == '{';
    }

    static boolean isNameByte(byte c, boolean first) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || c == ':'
                || (!first && c >= '0' && c <= '9');
    }

    private void readLabels(LabelList into, boolean mayName) throws BadLine {
        at++;
        boolean comma = true;
        while (true) {
            skipSpace();
            if (at == end) {
                throw new BadLine("the labels do not end");
            }
            if (bytes[at] == '}') {
                if (comma && strict && into.size() + (nameLength > 0 && mayName ? 1 : 0) > 0 && bytes[at - 1] == ',') {
                    throw new BadLine("a comma behind the last label");
                }
                at++;
                return;
            }
            if (!comma) {
                throw new BadLine("a comma is expected between labels at column " + column());
            }
            readLabel(into, mayName);
            skipSpace();
            comma = at < end && bytes[at] == ',';
            if (comma) {
                at++;
            }
        }
    }

    private void skipSpace() {
        while (!strict && at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
    }

    private void readLabel(LabelList into, boolean mayName) throws BadLine {
        ByteWriter words = into.words();
        int name = words.size();
        boolean quoted = bytes[at] == '"';
        if (quoted) {
            readQuoted(words);
        } else {
            int from = at;
            while (at < end && bytes[at] != ':' && isNameByte(bytes[at], at == from)) {
                at++;
            }
            words.writeBytes(bytes, from, at - from);
        }
        int length = words.size() - name;
        skipSpace();
        if (quoted && mayName && nameLength < 0 && (at == end || bytes[at] != '=')) {
            nameAt = name;
            nameLength = length;
            return;
        }
        if (length == 0) {
            throw new BadLine("a label name is expected at column " + column());
        }
        if (at == end || bytes[at] != '=') {
            throw new BadLine("= is expected behind a label name at column " + column());
        }
        at++;
        skipSpace();
        if (at == end || bytes[at] != '"') {
            throw new BadLine("a quoted label value is expected at column " + column());
        }
        int value = words.size();
        readQuoted(words);
        if (into.size() == mostLabels) {
            throw new BadLine("more than " + mostLabels + " labels");
        }
        into.add(name, length, value, words.size() - value);
    }

    private void readQuoted(ByteWriter words) throws BadLine {
        for (at++; at < end; at++) {
            byte here = bytes[at];
            if (here == '"') {
                at++;
                return;
            }
            if (here == '\\' && at + 1 < end) {
                byte next = bytes[at + 1];
                if (next == 'n' || next == '"' || next == '\\') {
                    here = next == 'n' ? (byte) '\n' : next;
                    at++;
                }
            }
            words.writeByte(here);
        }
        throw new BadLine("a quoted text does not end");
    }

    private void readExemplar() throws BadLine {
        if (bytes[at] != '#') {
            throw new BadLine("more than a value and a timestamp");
        }
        at++;
        space("exemplar");
        if (at == end || bytes[at] != '{') {
            throw new BadLine("an exemplar begins with {");
        }
        exemplarLabels.clear();
        readLabels(exemplarLabels, false);
        space("exemplar's value");
        exemplarValue = number("exemplar's value");
        exemplarHasTimestamp = nextPart();
        if (exemplarHasTimestamp) {
            exemplarTimestamp = time();
            nextPart();
        }
        if (at < end) {
            throw new BadLine("more than one exemplar");
        }
        hasExemplar = true;
    }

    private String word(String what) throws BadLine {
        int from = at;
        while (at < end && bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != '\r') {
            at++;
        }
        if (at == from) {
            throw new BadLine("the " + what + " is missing");
        }
        if (at - from > MOST_NUMBER) {
            throw new BadLine("a " + what + " of " + (at - from) + " characters, the limit is " + MOST_NUMBER);
        }
        return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    }

    private double number(String what) throws BadLine {
        int from = at;
        long digits = 0;
        int decimals = -1;
        while (at < end && at - from < 16) {
            byte here = bytes[at];
            if (here >= '0' && here <= '9') {
                digits = digits * 10 + here - '0';
                decimals += decimals >= 0 ? 1 : 0;
            } else if (here == '.' && decimals < 0) {
                decimals = 0;
            } else {
                break;
            }
            at++;
        }
        boolean ends = at == end || bytes[at] == ' ';
        if (ends && at > from && decimals < TENS.length && digits < 1L << 53 && bytes[at - 1] != '.') {
            // exact: both are doubles without loss, and division rounds once
            return decimals <= 0 ? digits : (double) digits / TENS[decimals];
        }
        at = from;
        return parse(word(what), what);
    }

    /** A float as the formats write it. */
    static double parse(String word, String what) throws BadLine {
        boolean plain = true;
        for (int i = 0; i < word.length(); i++) {
            plain &= "0123456789+-.eE".indexOf(word.charAt(i)) >= 0;
        }
        if (plain) {
            try {
                return Double.parseDouble(word);
            } catch (NumberFormatException e) {
                throw new BadLine("the " + what + " '" + word + "' is not a number");
            }
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> NAN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new BadLine("the " + what + " '" + word + "' is not a number");
        };
    }

    private long time() throws BadLine {
        String word = word("timestamp");
        if (strict) {
            double seconds = parse(word, "timestamp");
            if (!(Math.abs(seconds) < 1e15)) {
                throw new BadLine("the timestamp '" + word + "' is not a time");
            }
            return Math.round(seconds * 1000);
        }
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new BadLine("the timestamp '" + word + "' is not a number of milliseconds");
        }
    }
}
