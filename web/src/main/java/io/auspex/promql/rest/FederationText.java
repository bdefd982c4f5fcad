package io.auspex.promql.rest;

import io.auspex.promql.LatestSamples.Latest;
import io.auspex.promql.ShortestDecimal;
import io.auspex.series.Labels;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Samples in the text format as federation writes them: untyped, with their times, and with an {@code instance} label
 * even when it is empty, so that the scraping server does not set its own.
 */
final class FederationText {
    private final Writer out;
    private final boolean utf8;

    /** @param utf8 whether names may be anything, in quotes; otherwise what a plain name cannot have becomes {@code _} */
    FederationText(Writer out, boolean utf8) {
        this.out = out;
        this.utf8 = utf8;
    }

    void write(SortedMap<Labels, Latest> samples) throws IOException {
        // by name first, whatever other labels sort before __name__
        SortedMap<String, SortedMap<Labels, Latest>> byName = new TreeMap<>();
        samples.forEach((labels, latest) -> byName.computeIfAbsent(labels.metric(), absent -> new TreeMap<>())
                .put(labels, latest));
        for (Map.Entry<String, SortedMap<Labels, Latest>> metric : byName.entrySet()) {
            if (metric.getKey().isEmpty()) {
                continue;
            }
            String name = name(metric.getKey());
            out.append("# TYPE ").append(name).append(" untyped\n");
            for (Map.Entry<Labels, Latest> one : metric.getValue().entrySet()) {
                line(name, one.getKey(), one.getValue());
            }
        }
    }

    private void line(String name, Labels labels, Latest latest) throws IOException {
        boolean inside = name.startsWith("\"");
        if (!inside) {
            out.append(name);
        }
        out.append('{');
        if (inside) {
            out.append(name).append(',');
        }
        SortedMap<String, String> all = new TreeMap<>(labels.toMap());
        all.remove(Labels.METRIC_NAME);
        all.putIfAbsent("instance", "");
        boolean first = true;
        for (Map.Entry<String, String> label : all.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            out.append(name(label.getKey()))
                    .append("=\"")
                    .append(escape(label.getValue()))
                    .append('"');
        }
        out.append("} ")
                .append(ShortestDecimal.plain(latest.value()))
                .append(' ')
                .append(Long.toString(latest.epochMillis()))
                .append('\n');
    }

    private String name(String name) {
        if (isPlain(name)) {
            return name;
        }
        if (utf8) {
            return '"' + escape(name) + '"';
        }
        StringBuilder plain = new StringBuilder();
        name.codePoints().forEach(rune -> {
            boolean letter = isLetter(rune) || (plain.length() > 0 && rune >= '0' && rune <= '9');
            plain.append(letter ? (char) rune : '_');
        });
        return plain.toString();
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetter(c) && !(i > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }
}
