package io.auspex.ingest;

import io.auspex.platform.AuspexException;
import io.auspex.series.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads and judges label sets in the form of remote write 1.0: the path of series that are not known yet.
 *
 * <p>Labels are sorted here when the sender did not; a label with an empty value is no label. Not thread-safe.
 */
final class LabelReader {
    private final ProtoReader in = new ProtoReader();
    private String[] pairs = new String[32];
    private int count;

    /** Why the last label set was refused. */
    private @Nullable Reason reason;

    @Nullable
    Reason reason() {
        return reason;
    }

    /** The label set in a range of bytes; null when it is refused, and {@link #reason} says why. */
    @Nullable
    Labels read(byte[] bytes, int offset, int length, IngestLimits limits) {
        reason = length > limits.maxLabelSetBytes() ? Reason.LABELS_TOO_LARGE : null;
        count = 0;
        in.reset(bytes, offset, offset + length);
        while (reason == null && in.hasMore()) {
            in.tag();
            int outer = in.enter();
            readLabel(limits);
            in.leave(outer);
        }
        return reason == null ? build() : null;
    }

    private void readLabel(IngestLimits limits) {
        int nameAt = 0;
        int nameLength = 0;
        int valueAt = 0;
        int valueLength = 0;
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                nameLength = in.length();
                nameAt = in.position;
                in.position += nameLength;
            } else if (tag == 0x12) {
                valueLength = in.length();
                valueAt = in.position;
                in.position += valueLength;
            } else {
                in.skip(tag);
            }
        }
        reason = judge(nameAt, nameLength, valueAt, valueLength, limits);
        if (reason == null && valueLength > 0) {
            add(text(nameAt, nameLength), text(valueAt, valueLength));
            reason = count / 2 > limits.maxLabels() ? Reason.LABEL_LIMIT : null;
        }
    }

    private @Nullable Reason judge(int nameAt, int nameLength, int valueAt, int valueLength, IngestLimits limits) {
        if (nameLength == 0 || !Utf8.isValid(in.bytes, nameAt, nameLength)) {
            return Reason.LABEL_NAME_INVALID;
        }
        if (nameLength > limits.maxLabelNameBytes()) {
            return Reason.LABEL_NAME_TOO_LONG;
        }
        if (valueLength > limits.maxLabelValueBytes()) {
            return Reason.LABEL_VALUE_TOO_LONG;
        }
        return Utf8.isValid(in.bytes, valueAt, valueLength) ? null : Reason.LABEL_VALUE_INVALID;
    }

    private String text(int at, int length) {
        return new String(in.bytes, at, length, StandardCharsets.UTF_8);
    }

    private void add(String name, String value) {
        if (count == pairs.length) {
            pairs = Arrays.copyOf(pairs, count * 2);
        }
        pairs[count++] = name;
        pairs[count++] = value;
    }

    private @Nullable Labels build() {
        sort();
        boolean named = false;
        for (int i = 0; i < count; i += 2) {
            if (i > 0 && pairs[i].equals(pairs[i - 2])) {
                reason = Reason.LABEL_DUPLICATE;
                return null;
            }
            named |= pairs[i].equals(Labels.METRIC_NAME);
        }
        if (!named) {
            reason = Reason.METRIC_NAME_MISSING;
            return null;
        }
        return Labels.ofSorted(Arrays.copyOf(pairs, count));
    }

    /** By insertion: senders sort, and the number of labels is limited. */
    private void sort() {
        for (int i = 2; i < count; i += 2) {
            String name = pairs[i];
            String value = pairs[i + 1];
            int at = i;
            while (at > 0 && pairs[at - 2].compareTo(name) > 0) {
                pairs[at] = pairs[at - 2];
                pairs[at + 1] = pairs[at - 1];
                at -= 2;
            }
            pairs[at] = name;
            pairs[at + 1] = value;
        }
    }

    /** As {@link #read}, of labels that need no metric name: those of an exemplar, or those that rules will change. */
    @Nullable
    Labels readUnnamed(byte[] bytes, int offset, int length, IngestLimits limits) {
        Labels labels = read(bytes, offset, length, limits);
        if (labels != null || reason != Reason.METRIC_NAME_MISSING) {
            return labels;
        }
        return Labels.ofSorted(Arrays.copyOf(pairs, count));
    }

    /** Why a label set that rules have made is refused, or null. */
    static @Nullable Reason judge(Labels labels, IngestLimits limits) {
        if (labels.find(Labels.METRIC_NAME) == null) {
            return Reason.METRIC_NAME_MISSING;
        }
        if (labels.size() > limits.maxLabels()) {
            return Reason.LABEL_LIMIT;
        }
        int all = 0;
        for (int i = 0; i < labels.size(); i++) {
            int name = labels.name(i).getBytes(StandardCharsets.UTF_8).length;
            int value = labels.value(i).getBytes(StandardCharsets.UTF_8).length;
            if (name > limits.maxLabelNameBytes()) {
                return Reason.LABEL_NAME_TOO_LONG;
            }
            if (value > limits.maxLabelValueBytes()) {
                return Reason.LABEL_VALUE_TOO_LONG;
            }
            all += name + value;
        }
        return all > limits.maxLabelSetBytes() ? Reason.LABELS_TOO_LARGE : null;
    }

    /** As much of a label set as can be shown, whatever is wrong with it. */
    static String describe(byte[] bytes, int offset, int length, int most) {
        ProtoReader in = new ProtoReader();
        in.reset(bytes, offset, offset + length);
        StringBuilder text = new StringBuilder("{");
        try {
            while (in.hasMore() && text.length() < most) {
                in.tag();
                int outer = in.enter();
                text.append(text.length() > 1 ? ", " : "");
                while (in.hasMore()) {
                    int tag = in.tag();
                    if (tag == 0x0a || tag == 0x12) {
                        int size = in.length();
                        String part = new String(in.bytes, in.position, Math.min(size, most), StandardCharsets.UTF_8);
                        text.append(tag == 0x0a ? part : "=\"" + part + '"');
                        in.position += size;
                    } else {
                        in.skip(tag);
                    }
                }
                in.leave(outer);
            }
        } catch (AuspexException e) {
            text.append("...");
        }
        return text.length() > most
                ? text.substring(0, most) + "..."
                : text.append('}').toString();
    }
}
