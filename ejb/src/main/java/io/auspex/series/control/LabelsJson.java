package io.auspex.series.control;

import io.auspex.codec.FormatException;
import io.auspex.platform.JsonText;
import io.auspex.series.Labels;
import java.util.ArrayList;
import java.util.List;

/** Label sets as the JSON object that stands in the table {@code series}: one member per label, sorted by name. */
final class LabelsJson {
    private LabelsJson() {}

    static String write(Labels labels) {
        StringBuilder json = new StringBuilder(32 * labels.size()).append('{');
        for (int i = 0; i < labels.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            JsonText.quote(labels.name(i), json);
            json.append(':');
            JsonText.quote(labels.value(i), json);
        }
        return json.append('}').toString();
    }

    /** Reads what {@link #write} wrote; no other JSON. */
    static Labels read(String json) {
        List<String> pairs = new ArrayList<>(24);
        StringBuilder scratch = new StringBuilder();
        int at = expect(json, 0, '{');
        while (at < json.length() && json.charAt(at) != '}') {
            if (!pairs.isEmpty()) {
                at = expect(json, at, ',');
            }
            at = string(json, at, scratch, pairs);
            at = string(json, expect(json, at, ':'), scratch, pairs);
        }
        expect(json, at, '}');
        return Labels.ofSorted(pairs.toArray(String[]::new));
    }

    private static int expect(String json, int at, char wanted) {
        if (at >= json.length() || json.charAt(at) != wanted) {
            throw FormatException.corrupt("labels: expected " + wanted + " at " + at + " of " + json);
        }
        return at + 1;
    }

    private static int string(String json, int from, StringBuilder scratch, List<String> into) {
        int start = expect(json, from, '"');
        int at = start;
        while (at < json.length() && json.charAt(at) != '"' && json.charAt(at) != '\\') {
            at++;
        }
        if (at < json.length() && json.charAt(at) == '"') { // nothing escaped: the usual case
            into.add(json.substring(start, at));
            return at + 1;
        }
        scratch.setLength(0);
        scratch.append(json, start, at);
        while (at < json.length() && json.charAt(at) != '"') {
            char c = json.charAt(at++);
            if (c == '\\' && at < json.length()) {
                char escaped = json.charAt(at++);
                if (escaped == 'u' && at + 4 <= json.length()) {
                    scratch.append((char) Integer.parseInt(json, at, at + 4, 16));
                    at += 4;
                } else {
                    scratch.append(escaped);
                }
            } else {
                scratch.append(c);
            }
        }
        into.add(scratch.toString());
        return expect(json, at, '"');
    }
}
