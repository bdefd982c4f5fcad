package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The labels of one series while they are read, sorted by name.
 *
 * <p>Names and values stand in {@link #words}, into which the reader writes them as they come. Kept and reused. Not
 * thread-safe.
 */
final class LabelList {
    static final byte[] METRIC_NAME = Labels.METRIC_NAME.getBytes(StandardCharsets.US_ASCII);

    private final ByteWriter words = new ByteWriter(1024);

    /** Name, its length, value and its length in {@link #words}, four a label. */
    private int[] labels = new int[64];

    private int size;
    private final Copy saved = new Copy();
    private final Copy marked = new Copy();

    /** What was there at some time. */
    private static final class Copy {
        private int[] labels = {};
        private int size;
        private int words;
    }

    private void keep(Copy in) {
        in.labels = in.labels.length < size ? new int[Math.max(size, 32)] : in.labels;
        System.arraycopy(labels, 0, in.labels, 0, size);
        in.size = size;
        in.words = words.size();
    }

    private void goBackTo(Copy to) {
        System.arraycopy(to.labels, 0, labels, 0, to.size);
        size = to.size;
        words.truncate(to.words);
    }

    void clear() {
        words.clear();
        size = 0;
        save();
    }

    /** Keeps what is there now for {@link #restore}. */
    void save() {
        keep(saved);
    }

    /** Forgets what was added since {@link #save}. */
    void restore() {
        goBackTo(saved);
    }

    ByteWriter words() {
        return words;
    }

    int size() {
        return size / 4;
    }

    /** Adds a label that stands in {@link #words}. */
    void add(int name, int nameLength, int value, int valueLength) {
        if (size == labels.length) {
            labels = Arrays.copyOf(labels, size * 2);
        }
        int to = size;
        while (to > 0 && compare(labels[to - 4], labels[to - 3], name, nameLength) > 0) {
            System.arraycopy(labels, to - 4, labels, to, 4);
            to -= 4;
        }
        labels[to] = name;
        labels[to + 1] = nameLength;
        labels[to + 2] = value;
        labels[to + 3] = valueLength;
        size += 4;
    }

    /** Keeps what is there now for {@link #reset}, beside what was saved. */
    void mark() {
        keep(marked);
    }

    /** Forgets what was added since {@link #mark}. */
    void reset() {
        goBackTo(marked);
    }

    /**
     * Adds a label, or joins its value with that of a label of the same name by a semicolon; a label that was saved
     * stays as it is.
     */
    void addOrJoin(int name, int nameLength, int value, int valueLength) {
        for (int i = 0; i < size; i += 4) {
            if (labels[i + 1] == nameLength && compare(labels[i], nameLength, name, nameLength) == 0) {
                if (labels[i + 2] >= saved.words) {
                    int joined = words.size();
                    words.ensure(labels[i + 3] + 1 + valueLength);
                    words.writeBytes(words.array(), labels[i + 2], labels[i + 3]);
                    words.writeByte(';');
                    words.writeBytes(words.array(), value, valueLength);
                    labels[i + 2] = joined;
                    labels[i + 3] = words.size() - joined;
                }
                return;
            }
        }
        add(name, nameLength, value, valueLength);
    }

    /** Adds the label of the metric's name, the value of which stands in {@link #words}. */
    void addMetricName(int value, int valueLength) {
        int name = words.size();
        words.writeBytes(METRIC_NAME, 0, METRIC_NAME.length);
        add(name, METRIC_NAME.length, value, valueLength);
    }

    /** Adds a label of bytes that stand elsewhere. */
    void add(byte[] name, byte[] value) {
        int at = words.size();
        words.writeBytes(name, 0, name.length);
        words.writeBytes(value, 0, value.length);
        add(at, name.length, at + name.length, value.length);
    }

    private int compare(int first, int firstLength, int second, int secondLength) {
        byte[] all = words.array();
        return Arrays.compareUnsigned(all, first, first + firstLength, all, second, second + secondLength);
    }

    /** Adds a label unless there is one of its name. */
    void addIfAbsent(byte[] name, byte[] value) {
        byte[] all = words.array();
        for (int i = 0; i < size; i += 4) {
            if (Arrays.equals(all, labels[i], labels[i] + labels[i + 1], name, 0, name.length)) {
                return;
            }
        }
        add(name, value);
    }

    /** Whether a name occurs twice. */
    boolean hasDuplicate() {
        for (int i = 4; i < size; i += 4) {
            if (compare(labels[i - 4], labels[i - 3], labels[i], labels[i + 1]) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Appends the canonical bytes ({@link SeriesIdentity}). */
    void writeTo(ByteWriter canonical) {
        byte[] all = words.array();
        for (int i = 0; i < size; i += 4) {
            if (labels[i + 3] > 0) {
                SeriesIdentity.writeCanonical(
                        all, labels[i], labels[i + 1], all, labels[i + 2], labels[i + 3], canonical);
            }
        }
    }

    String name(int index) {
        return text(labels[4 * index], labels[4 * index + 1]);
    }

    String value(int index) {
        return text(labels[4 * index + 2], labels[4 * index + 3]);
    }

    String text(int at, int length) {
        return new String(words.array(), at, length, StandardCharsets.UTF_8);
    }
}
