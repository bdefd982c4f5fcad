package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.ingest.OtlpSchema.Field;
import io.auspex.ingest.OtlpSchema.Message;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Rewrites OpenTelemetry's JSON as the protobuf that it stands for, so that one decoder reads both.
 *
 * <p>Identifiers of traces and spans are hexadecimal, 64-bit integers may be strings, members that nobody knows are
 * passed over. What comes out is at most a few times as long as what went in. Kept and reused. Not thread-safe.
 */
public final class OtlpJson {
    private static final int MOST_DEPTH = 32;
    private static final int LENGTH_BYTES = 5;

    private final ByteWriter out = new ByteWriter(64 << 10);
    private final ByteWriter text = new ByteWriter(256);
    private byte[] bytes = {};
    private int at;
    private int end;
    private int most;

    /** The protobuf; valid until the next request, and longer than what {@link #rewrite} returned. */
    public byte[] bytes() {
        return out.array();
    }

    /**
     * Rewrites an {@code ExportMetricsServiceRequest} and returns the length of the protobuf.
     *
     * @throws AuspexException {@code BAD_DATA} when the body is not JSON of that shape, {@code PAYLOAD_TOO_LARGE} when
     *     the protobuf is longer than the limit
     */
    public int rewrite(byte[] body, int length, int limit) {
        out.clear();
        bytes = body;
        at = 0;
        end = length;
        most = limit;
        expect('{');
        readMessage(OtlpSchema.REQUEST, 0);
        if (next() != 0) {
            throw malformed("something behind the end");
        }
        return out.size();
    }

    private AuspexException malformed(String what) {
        return new AuspexException(Code.BAD_DATA, "malformed JSON: " + what + " at byte " + at);
    }

    /** The next byte that is no space, 0 at the end; stays before it. */
    private int next() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\t' || bytes[at] == '\r')) {
            at++;
        }
        return at < end ? bytes[at] : 0;
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw malformed("'" + wanted + "' is expected");
        }
        at++;
    }

    private boolean take(char wanted) {
        if (next() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /** Reads the members of an object, the brace of which is behind. */
    private void readMessage(Message message, int depth) {
        if (depth > MOST_DEPTH) {
            throw malformed("nested more than " + MOST_DEPTH + " deep");
        }
        if (take('}')) {
            return;
        }
        do {
            readText();
            String name = new String(text.array(), 0, text.size(), StandardCharsets.UTF_8);
            expect(':');
            Field field = message.field(name);
            if (field == null || next() == 'n') {
                skip(depth);
            } else if (take('[')) {
                readList(field, depth);
            } else {
                readValue(field, depth);
            }
        } while (take(','));
        expect('}');
    }

    private void readList(Field field, int depth) {
        if (take(']')) {
            return;
        }
        do {
            readValue(field, depth);
        } while (take(','));
        expect(']');
    }

    private void readValue(Field field, int depth) {
        if (out.size() > most) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE, "the request is larger than " + most + " bytes as protobuf");
        }
        out.writeVarint((long) field.number() << 3 | field.kind().wire());
        switch (field.kind()) {
            case MESSAGE -> {
                expect('{');
                int from = begin();
                readMessage(OtlpSchema.message(field), depth + 1);
                finish(from);
            }
            case TEXT -> {
                readText();
                writeBytes(text.array(), text.size());
            }
            case HEXADECIMAL, BASE64 -> {
                byte[] raw = raw(field.kind() == OtlpSchema.Kind.HEXADECIMAL);
                writeBytes(raw, raw.length);
            }
            case BOOL -> out.writeVarint(word().equals("true") ? 1 : 0);
            case INTEGER -> out.writeVarint(integer());
            case ZIGZAG -> out.writeZigzag(integer());
            case FIXED -> out.writeLong(integer());
            case DOUBLE -> out.writeLong(Double.doubleToRawLongBits(number()));
        }
    }

    private int begin() {
        int from = out.size();
        out.ensure(LENGTH_BYTES);
        out.advance(LENGTH_BYTES);
        return from;
    }

    /** Puts the length of what was written since into the place that was left for it, as a varint of five bytes. */
    private void finish(int from) {
        int length = out.size() - from - LENGTH_BYTES;
        byte[] written = out.array();
        for (int i = 0; i < LENGTH_BYTES; i++) {
            written[from + i] = (byte) (((length >>> (7 * i)) & 0x7f) | (i < LENGTH_BYTES - 1 ? 0x80 : 0));
        }
    }

    private void writeBytes(byte[] value, int length) {
        out.writeVarint(length);
        out.writeBytes(value, 0, length);
    }

    private byte[] raw(boolean hexadecimal) {
        readText();
        String encoded = new String(text.array(), 0, text.size(), StandardCharsets.ISO_8859_1);
        try {
            return hexadecimal
                    ? HexFormat.of().parseHex(encoded.toLowerCase(Locale.ROOT))
                    : Base64.getDecoder().decode(encoded.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw malformed(hexadecimal ? "a hexadecimal text is expected" : "a base64 text is expected");
        }
    }

    /** A number, true or false, or a text that holds one. */
    private String word() {
        if (next() == '"') {
            readText();
            return new String(text.array(), 0, Math.min(text.size(), 64), StandardCharsets.ISO_8859_1);
        }
        int from = at;
        while (at < end && "+-.0123456789abcdefghijklmnopqrstuvwxyzENI".indexOf(bytes[at]) >= 0) {
            at++;
        }
        if (at == from || at - from > 64) {
            throw malformed("a number is expected");
        }
        return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    }

    private long integer() {
        String word = word();
        try {
            return word.startsWith("-") ? Long.parseLong(word) : Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            OptionalLong constant = OtlpSchema.enumeration(word);
            return constant.isPresent() ? constant.getAsLong() : whole(word);
        }
    }

    /** An integer in the form of a decimal, which JSON does not tell from it. */
    private long whole(String word) {
        double value = decimal(word);
        if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
            throw malformed("'" + word + "' is not an integer");
        }
        return (long) value;
    }

    private double number() {
        return decimal(word());
    }

    private double decimal(String word) {
        switch (word) {
            case "NaN" -> {
                return Double.NaN;
            }
            case "Infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-Infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
                try {
                    return TextSample.parse(word, "number");
                } catch (BadLine e) {
                    throw malformed("'" + word + "' is not a number");
                }
            }
        }
    }

    /** Reads a string into {@link #text} as UTF-8. */
    private void readText() {
        expect('"');
        text.clear();
        while (true) {
            int from = at;
            while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] & 0xff) >= ' ') {
                at++;
            }
            text.writeBytes(bytes, from, at - from);
            if (at == end || (bytes[at] & 0xff) < ' ') {
                throw malformed("a text does not end");
            }
            if (bytes[at++] == '"') {
                return;
            }
            readEscape();
        }
    }

    private void readEscape() {
        int escape = at < end ? bytes[at++] : 0;
        switch (escape) {
            case '"', '\\', '/' -> text.writeByte(escape);
            case 'b' -> text.writeByte('\b');
            case 'f' -> text.writeByte('\f');
            case 'n' -> text.writeByte('\n');
            case 'r' -> text.writeByte('\r');
            case 't' -> text.writeByte('\t');
            case 'u' -> {
                char first = unit();
                String character = Character.toString(first);
                if (Character.isHighSurrogate(first) && end - at >= 6 && bytes[at] == '\\' && bytes[at + 1] == 'u') {
                    at += 2;
                    character += unit();
                }
                byte[] utf8 = character.getBytes(StandardCharsets.UTF_8);
                text.writeBytes(utf8, 0, utf8.length);
            }
            default -> throw malformed("an escape that does not exist");
        }
    }

    private char unit() {
        if (end - at < 4) {
            throw malformed("four hexadecimal digits are expected");
        }
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(bytes[at++], 16);
            if (digit < 0) {
                throw malformed("four hexadecimal digits are expected");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    /** Steps over a value that nobody asks for. */
    private void skip(int depth) {
        if (depth > MOST_DEPTH) {
            throw malformed("nested more than " + MOST_DEPTH + " deep");
        }
        switch (next()) {
            case '"' -> readText();
            case '{' -> {
                at++;
                if (take('}')) {
                    return;
                }
                do {
                    readText();
                    expect(':');
                    skip(depth + 1);
                } while (take(','));
                expect('}');
            }
            case '[' -> {
                at++;
                if (take(']')) {
                    return;
                }
                do {
                    skip(depth + 1);
                } while (take(','));
                expect(']');
            }
            default -> word();
        }
    }
}
