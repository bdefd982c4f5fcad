package io.auspex.promql.rest;

import io.auspex.promql.DecimalDigits;
import io.auspex.promql.ShortestDecimal;
import java.io.IOException;
import java.io.OutputStream;

/**
 * JSON, written as it comes, in UTF-8 through one buffer, without an object per value.
 *
 * <p>Commas are set by the writer: a value or member after another of the same array or object gets one. The
 * caller opens and closes in order. Not thread-safe.
 */
final class JsonWriter {
    private static final int BUFFER = 32 * 1024;

    /** More than the text of any time has. */
    static final int TIMESTAMP_LENGTH = 28;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final OutputStream out;
    private final byte[] buffer;
    private int position;
    private boolean separate;

    JsonWriter(OutputStream out) {
        this(out, BUFFER);
    }

    /** @param size bytes of the buffer, more than the longest number */
    JsonWriter(OutputStream out, int size) {
        this.out = out;
        this.buffer = new byte[size];
    }

    JsonWriter beginObject() throws IOException {
        return open('{');
    }

    JsonWriter endObject() throws IOException {
        return close('}');
    }

    JsonWriter beginArray() throws IOException {
        return open('[');
    }

    JsonWriter endArray() throws IOException {
        return close(']');
    }

    /** A member's name; its value follows. */
    JsonWriter name(String name) throws IOException {
        string(name);
        put(':');
        separate = false;
        return this;
    }

    JsonWriter string(String text) throws IOException {
        comma();
        put('"');
        for (int i = 0; i < text.length(); i++) {
            i += rune(text, i);
        }
        put('"');
        return this;
    }

    JsonWriter number(long value) throws IOException {
        comma();
        ensure(24);
        digits(value);
        return this;
    }

    JsonWriter bool(boolean value) throws IOException {
        comma();
        ascii(value ? "true" : "false");
        return this;
    }

    JsonWriter nothing() throws IOException {
        comma();
        ascii("null");
        return this;
    }

    /** A sample value: a string, since JSON has no infinities. */
    JsonWriter value(double value) throws IOException {
        comma();
        ensure(ShortestDecimal.MAX_LENGTH + 2);
        buffer[position++] = '"';
        position = ShortestDecimal.appendJson(value, buffer, position);
        buffer[position++] = '"';
        return this;
    }

    /** A double as a number of JSON, which must be finite. */
    JsonWriter decimal(double value) throws IOException {
        comma();
        ensure(ShortestDecimal.MAX_LENGTH);
        position = ShortestDecimal.appendPlain(value, buffer, position);
        return this;
    }

    /** A time as seconds, with three decimals when it is not a whole one. */
    JsonWriter timestamp(long epochMillis) throws IOException {
        comma();
        ensure(TIMESTAMP_LENGTH);
        position = timestamp(epochMillis, buffer, position);
        return this;
    }

    /** Writes what {@link #timestamp(long)} writes, {@link #TIMESTAMP_LENGTH} bytes at most; the end of what was written. */
    static int timestamp(long epochMillis, byte[] into, int start) {
        int at = start;
        if (epochMillis < 0) {
            into[at++] = '-';
        }
        long millis = Math.abs(epochMillis);
        at = DecimalDigits.write(millis / 1000, into, at);
        int fraction = (int) (millis % 1000);
        if (fraction != 0) {
            into[at++] = '.';
            into[at++] = (byte) ('0' + fraction / 100);
            into[at++] = (byte) ('0' + fraction / 10 % 10);
            into[at++] = (byte) ('0' + fraction % 10);
        }
        return at;
    }

    /**
     * A float sample as an array of its time and value, at once.
     *
     * @param time as {@link #timestamp} writes it
     */
    JsonWriter sample(byte[] time, double value) throws IOException {
        ensure(time.length + ShortestDecimal.MAX_LENGTH + 8);
        byte[] into = buffer;
        int at = position;
        if (separate) {
            into[at++] = ',';
        }
        into[at++] = '[';
        System.arraycopy(time, 0, into, at, time.length);
        at += time.length;
        into[at++] = ',';
        into[at++] = '"';
        at = ShortestDecimal.appendJson(value, into, at);
        into[at++] = '"';
        into[at++] = ']';
        position = at;
        separate = true;
        return this;
    }

    void flush() throws IOException {
        out.write(buffer, 0, position);
        position = 0;
    }

    private JsonWriter open(char bracket) throws IOException {
        comma();
        put(bracket);
        separate = false;
        return this;
    }

    private JsonWriter close(char bracket) throws IOException {
        put(bracket);
        separate = true;
        return this;
    }

    private void comma() throws IOException {
        if (separate) {
            put(',');
        }
        separate = true;
    }

    private void put(char ascii) throws IOException {
        ensure(1);
        buffer[position++] = (byte) ascii;
    }

    private void ascii(String text) throws IOException {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[position++] = (byte) text.charAt(i);
        }
    }

    private void ensure(int bytes) throws IOException {
        if (buffer.length - position < bytes) {
            flush();
        }
    }

    private void digits(long value) {
        if (value < 0) {
            buffer[position++] = '-';
        }
        // the smallest long has no absolute value; its digits are those of its halves
        position = value == Long.MIN_VALUE
                ? DecimalDigits.write(854_775_808, buffer, DecimalDigits.write(9_223_372_036L, buffer, position))
                : DecimalDigits.write(Math.abs(value), buffer, position);
    }

    /** Writes the character at an index; how many units beyond the first it took. */
    private int rune(String text, int index) throws IOException {
        ensure(8);
        char c = text.charAt(index);
        if (c < 0x80) {
            single(c);
            return 0;
        }
        int rune = text.codePointAt(index);
        if (rune >= Character.MIN_SURROGATE && rune <= Character.MAX_SURROGATE) {
            rune = 0xFFFD;
        }
        if (rune < 0x800) {
            buffer[position++] = (byte) (0xC0 | rune >> 6);
        } else {
            if (rune < 0x10000) {
                buffer[position++] = (byte) (0xE0 | rune >> 12);
            } else {
                buffer[position++] = (byte) (0xF0 | rune >> 18);
                buffer[position++] = (byte) (0x80 | (rune >> 12 & 0x3F));
            }
            buffer[position++] = (byte) (0x80 | (rune >> 6 & 0x3F));
        }
        buffer[position++] = (byte) (0x80 | (rune & 0x3F));
        return Character.charCount(rune) - 1;
    }

    private void single(char c) {
        if (c >= ' ' && c != '"' && c != '\\') {
            buffer[position++] = (byte) c;
            return;
        }
        buffer[position++] = '\\';
        switch (c) {
            case '\n' -> buffer[position++] = 'n';
            case '\r' -> buffer[position++] = 'r';
            case '\t' -> buffer[position++] = 't';
            case '"', '\\' -> buffer[position++] = (byte) c;
            default -> {
                buffer[position++] = 'u';
                buffer[position++] = '0';
                buffer[position++] = '0';
                buffer[position++] = HEX[c >> 4];
                buffer[position++] = HEX[c & 15];
            }
        }
    }
}
