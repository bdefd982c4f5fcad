package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Reads OpenTelemetry's {@code KeyValue} into labels. Not thread-safe. */
final class OtlpAttributes {
    private static final int MOST_DEPTH = 8;

    private final ProtoReader in;

    OtlpAttributes(ProtoReader in) {
        this.in = in;
    }

    /** Reads the {@code KeyValue} that begins here and adds it under its name in Prometheus' form. */
    void readInto(LabelList labels, int mostLabels) {
        int outer = in.enter();
        ByteWriter words = labels.words();
        int name = words.size();
        int nameLength = 0;
        int valueAt = -1;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                int length = in.length();
                words.truncate(name);
                writeName(in.bytes, in.position, length, words);
                nameLength = words.size() - name;
                in.position += length;
            } else if (tag == 0x12) {
                valueAt = in.position;
                in.skipLength();
            } else {
                in.skip(tag);
            }
        }
        int value = words.size();
        if (valueAt >= 0) {
            in.position = valueAt;
            writeValue(words);
        }
        in.leave(outer);
        if (nameLength > 0 && labels.size() <= mostLabels) {
            labels.addOrJoin(name, nameLength, value, words.size() - value);
        }
    }

    /** Appends an attribute's name with everything but letters, digits and underscores replaced. */
    static void writeName(byte[] bytes, int at, int length, ByteWriter into) {
        if (length == 0) {
            return;
        }
        int start = into.size();
        if (bytes[at] >= '0' && bytes[at] <= '9') {
            write("key_", into);
        }
        for (int i = at; i < at + length; i++) {
            // a character of several bytes becomes one underscore
            if ((bytes[i] & 0xc0) != 0x80) {
                into.writeByte(isWord(bytes[i]) ? bytes[i] : '_');
            }
        }
        int size = into.size() - start;
        if (size > 0 && into.array()[start] == '_' && (size == 1 || into.array()[start + 1] != '_')) {
            byte[] name = Arrays.copyOfRange(into.array(), start, start + size);
            into.truncate(start);
            write("key", into);
            into.writeBytes(name, 0, size);
        }
    }

    private static boolean isWord(byte c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static void write(String ascii, ByteWriter into) {
        into.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII), 0, ascii.length());
    }

    /** Appends the {@code AnyValue} that begins here as text: what is no text as JSON. */
    void writeValue(ByteWriter into) {
        writeValue(into, false, 0);
    }

    private void writeValue(ByteWriter into, boolean json, int depth) {
        if (depth > MOST_DEPTH) {
            throw new AuspexException(
                    Code.BAD_DATA, "an attribute is nested more than " + MOST_DEPTH + " deep at byte " + in.position);
        }
        int outer = in.enter();
        int start = into.size();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 0x0a -> {
                    into.truncate(start);
                    int length = in.length();
                    if (json) {
                        quote(new String(in.bytes, in.position, length, StandardCharsets.UTF_8), into);
                    } else {
                        into.writeBytes(in.bytes, in.position, length);
                    }
                    in.position += length;
                }
                case 0x10 -> replace(start, in.varint() != 0 ? "true" : "false", into);
                case 0x18 -> replace(start, Long.toString(in.varint()), into);
                case 0x21 -> replace(start, Decimals.text(in.fixedDouble()), into);
                case 0x2a -> {
                    into.truncate(start);
                    writeArray(into, depth);
                }
                case 0x32 -> {
                    into.truncate(start);
                    writeObject(into, depth);
                }
                case 0x3a -> {
                    int length = in.length();
                    byte[] raw = new byte[length];
                    System.arraycopy(in.bytes, in.position, raw, 0, length);
                    in.position += length;
                    String text = Base64.getEncoder().encodeToString(raw);
                    into.truncate(start);
                    if (json) {
                        quote(text, into);
                    } else {
                        write(text, into);
                    }
                }
                default -> in.skip(tag);
            }
        }
        if (json && into.size() == start) {
            write("null", into);
        }
        in.leave(outer);
    }

    private static void replace(int start, String text, ByteWriter into) {
        into.truncate(start);
        write(text, into);
    }

    private void writeArray(ByteWriter into, int depth) {
        into.writeByte('[');
        boolean first = true;
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                write(first ? "" : ",", into);
                first = false;
                writeValue(into, true, depth + 1);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        into.writeByte(']');
    }

    private void writeObject(ByteWriter into, int depth) {
        into.writeByte('{');
        boolean first = true;
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                write(first ? "" : ",", into);
                first = false;
                writeMember(into, depth);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        into.writeByte('}');
    }

    private void writeMember(ByteWriter into, int depth) {
        int outer = in.enter();
        String key = "";
        int valueAt = -1;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                int length = in.length();
                key = new String(in.bytes, in.position, length, StandardCharsets.UTF_8);
                in.position += length;
            } else if (tag == 0x12) {
                valueAt = in.position;
                in.skipLength();
            } else {
                in.skip(tag);
            }
        }
        quote(key, into);
        into.writeByte(':');
        if (valueAt >= 0) {
            in.position = valueAt;
            writeValue(into, true, depth + 1);
        } else {
            write("null", into);
        }
        in.leave(outer);
    }

    private static void quote(String text, ByteWriter into) {
        StringBuilder json = new StringBuilder(text.length() + 2);
        JsonText.quote(text, json);
        write(json.toString(), into);
    }
}
