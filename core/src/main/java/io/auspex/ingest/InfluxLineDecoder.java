package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the Influx line protocol: {@code measurement,tag=value field=1,other=2i timestamp}.
 *
 * <p>Each numeric or boolean field is a sample of the metric {@code measurement_field} with the tags as labels; text
 * fields hold no samples and are passed over. A line that is refused takes none of its fields with it into the batch.
 * Kept and reused; the batch is valid until the next request. Not thread-safe.
 */
public final class InfluxLineDecoder {
    private static final int MOST_NUMBER = 64;

    private final LabelReader labels = new LabelReader();
    private ByteWriter canonical = new ByteWriter(16 << 10);

    /** The tags of the current line. */
    private final LabelList tags = new LabelList();

    /** Unescaped measurement, tags and field names of the current line. */
    private final ByteWriter words = tags.words();

    private final List<byte[]> context = new ArrayList<>();
    private int mostTags;

    /** Start and length of each field's name. */
    private int[] fields = new int[32];

    private double[] values = new double[16];
    private int fieldCount;
    private int measurementLength;
    private byte[] bytes = {};
    private int at;
    private int end;

    /**
     * Decodes a body into a batch, which is cleared first, and resolves its series.
     *
     * @param nowMillis the timestamp of lines that have none
     * @param promoted labels of every line that has no tag of their name
     * @return the lines that were refused
     * @throws AuspexException {@code PAYLOAD_TOO_LARGE} when body or labels are larger than the limit
     */
    public LineErrors decode(
            byte[] body,
            int offset,
            int length,
            TimePrecision precision,
            long nowMillis,
            Labels promoted,
            IngestLimits limits,
            SeriesResolver resolver,
            DecodedBatch into) {
        into.clear();
        context.clear();
        promoted.forEach((name, value) -> {
            context.add(name.getBytes(StandardCharsets.UTF_8));
            context.add(value.getBytes(StandardCharsets.UTF_8));
        });
        requireWithin(length, limits);
        if (!DecodedBatch.isKept(canonical.array())) {
            canonical = new ByteWriter(16 << 10);
        }
        canonical.clear();
        mostTags = limits.maxLabels();
        bytes = body;
        LineErrors errors = new LineErrors();
        int line = 0;
        for (int from = offset; from < offset + length; from = end + 1) {
            line++;
            at = from;
            end = endOfLine(from, offset + length);
            skipSpaces();
            if (at == end || bytes[at] == '#' || bytes[at] == '\r') {
                continue;
            }
            try {
                long timestamp = readLine(precision, nowMillis);
                into.atItem(line);
                addSamples(timestamp, limits, into);
            } catch (BadLine e) {
                errors.add(line, e.text());
            }
        }
        into.resolve(canonical.array(), limits, resolver, labels);
        return errors;
    }

    private static void requireWithin(int size, IngestLimits limits) {
        if (size > limits.maxBodyBytes()) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE,
                    "the request or its labels take " + size + " bytes, the limit is " + limits.maxBodyBytes());
        }
    }

    /** A line ends at a line feed that is not within a text field. */
    private int endOfLine(int from, int limit) {
        boolean quoted = false;
        boolean inFields = false;
        for (int i = from; i < limit; i++) {
            byte here = bytes[i];
            if (here == '\n' && !quoted) {
                return i;
            }
            if (here == '\\') {
                i++;
            } else if (here == ' ') {
                inFields = true;
            } else if (here == '"' && inFields) {
                quoted = !quoted;
            }
        }
        return limit;
    }

    private void skipSpaces() {
        while (at < end && bytes[at] == ' ') {
            at++;
        }
    }

    private long readLine(TimePrecision precision, long nowMillis) throws BadLine {
        tags.clear();
        fieldCount = 0;
        measurementLength = readWord(false);
        if (measurementLength == 0) {
            throw new BadLine("the measurement is missing");
        }
        while (at < end && bytes[at] == ',') {
            at++;
            readTag();
        }
        for (int i = 0; i < context.size(); i += 2) {
            tags.addIfAbsent(context.get(i), context.get(i + 1));
        }
        skipSpaces();
        readField();
        while (at < end && bytes[at] == ',') {
            at++;
            readField();
        }
        skipSpaces();
        return readTimestamp(precision, nowMillis);
    }

    /** Copies a word without its escapes and returns its length; it ends at a comma, space or (in a key) equals sign. */
    private int readWord(boolean key) throws BadLine {
        int start = words.size();
        for (; at < end; at++) {
            byte here = bytes[at];
            if (here == '\\' && at + 1 < end && isEscapable(bytes[at + 1])) {
                here = bytes[++at];
            } else if (here == ',' || here == ' ' || (key && here == '=')) {
                break;
            } else if (here == '\r' || here == '\n') {
                throw new BadLine("a line break within a name");
            }
            words.writeByte(here);
        }
        return words.size() - start;
    }

    private static boolean isEscapable(byte next) {
        return next == ',' || next == ' ' || next == '=';
    }

    private void readTag() throws BadLine {
        int name = words.size();
        int nameLength = readWord(true);
        expectEquals("tag");
        int value = words.size();
        int valueLength = readWord(false);
        if (nameLength == 0 || valueLength == 0) {
            throw new BadLine("a tag without a name or value");
        }
        if (tags.size() == mostTags) {
            throw new BadLine("more than " + mostTags + " tags");
        }
        tags.add(name, nameLength, value, valueLength);
    }

    private void expectEquals(String what) throws BadLine {
        if (at == end || bytes[at] != '=') {
            throw new BadLine("a " + what + " without a value");
        }
        at++;
    }

    private void readField() throws BadLine {
        int name = words.size();
        int length = readWord(true);
        expectEquals("field");
        if (length == 0) {
            throw new BadLine("a field without a name");
        }
        if (at < end && bytes[at] == '"') {
            skipText();
            return;
        }
        int from = at;
        while (at < end && bytes[at] != ',' && bytes[at] != ' ' && bytes[at] != '\r') {
            at++;
        }
        double value = number(from, at);
        if (fieldCount == values.length) {
            values = Arrays.copyOf(values, fieldCount * 2);
            fields = Arrays.copyOf(fields, fieldCount * 4);
        }
        fields[2 * fieldCount] = name;
        fields[2 * fieldCount + 1] = length;
        values[fieldCount++] = value;
    }

    private void skipText() throws BadLine {
        for (at++; at < end; at++) {
            if (bytes[at] == '\\') {
                at++;
            } else if (bytes[at] == '"') {
                at++;
                return;
            }
        }
        throw new BadLine("a text that does not end");
    }

    private double number(int from, int to) throws BadLine {
        String text = word(from, to);
        switch (text) {
            case "t", "T", "true", "True", "TRUE" -> {
                return 1;
            }
            case "f", "F", "false", "False", "FALSE" -> {
                return 0;
            }
            default -> {
                return parse(text);
            }
        }
    }

    private String word(int from, int to) throws BadLine {
        if (to - from > MOST_NUMBER) {
            throw new BadLine("a number of " + (to - from) + " characters, the limit is " + MOST_NUMBER);
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static double parse(String text) throws BadLine {
        int last = text.length() - 1;
        try {
            if (last > 0 && text.charAt(last) == 'i') {
                return Long.parseLong(text.substring(0, last));
            }
            if (last > 0 && text.charAt(last) == 'u') {
                long value = Long.parseUnsignedLong(text.substring(0, last));
                return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
            }
            if (last >= 0 && "0123456789.".indexOf(text.charAt(last)) >= 0 && text.indexOf('x') < 0) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            throw new BadLine("'" + text + "' is not a number");
        }
        throw new BadLine("'" + text + "' is not a number");
    }

    private long readTimestamp(TimePrecision precision, long nowMillis) throws BadLine {
        int to = end;
        while (to > at && (bytes[to - 1] == ' ' || bytes[to - 1] == '\r')) {
            to--;
        }
        if (at >= to) {
            return nowMillis;
        }
        String text = word(at, to);
        try {
            return precision.toMillis(Long.parseLong(text));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new BadLine("'" + text + "' is not a timestamp");
        }
    }

    private void addSamples(long timestamp, IngestLimits limits, DecodedBatch into) {
        for (int i = 0; i < fieldCount; i++) {
            into.addSample(timestamp, values[i]);
            int start = canonical.size();
            writeLabels(i);
            requireWithin(canonical.size(), limits);
            into.addSeries(canonical.array(), start, canonical.size() - start, start);
        }
    }

    /** The tags and the metric's name, which is of this field. */
    private void writeLabels(int field) {
        tags.mark();
        int metric = words.size();
        words.ensure(measurementLength + 1 + fields[2 * field + 1]);
        words.writeBytes(words.array(), 0, measurementLength);
        words.writeByte('_');
        words.writeBytes(words.array(), fields[2 * field], fields[2 * field + 1]);
        tags.addMetricName(metric, words.size() - metric);
        tags.writeTo(canonical);
        tags.reset();
    }
}
