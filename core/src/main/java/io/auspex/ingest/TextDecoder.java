package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadata;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Prometheus text format 0.0.4 and OpenMetrics 1.0.
 *
 * <p>The older format is read line by line: what cannot be read is refused by its line, the rest is stored. OpenMetrics
 * is a whole with rules between its lines ({@link OpenMetricsRules}) and is refused as a whole. Kept and reused; the
 * batch is valid until the next request. Not thread-safe.
 */
public final class TextDecoder {
    private static final Set<String> TYPES = Set.of(
            "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset", "unknown", "untyped");

    private final LabelReader labels = new LabelReader();
    private final TextSample sample = new TextSample();
    private ByteWriter canonical = new ByteWriter(16 << 10);
    private final ByteWriter exemplarBytes = new ByteWriter(256);
    private final Map<String, String[]> described = new LinkedHashMap<>();

    /** Lines of what the body says about metrics, by metric. */
    private static final int TYPE = 0;

    private static final int HELP = 1;
    private static final int UNIT = 2;

    /**
     * Decodes a body into a batch, which is cleared first, and resolves its series.
     *
     * @param nowMillis the timestamp of samples that have none
     * @return the lines that were refused, none for OpenMetrics
     * @throws AuspexException {@code PAYLOAD_TOO_LARGE} when body or labels are larger than the limit,
     *     {@code BAD_DATA} when OpenMetrics breaks a rule
     */
    public LineErrors decode(
            byte[] body,
            int length,
            TextFormat format,
            long nowMillis,
            IngestLimits limits,
            SeriesResolver resolver,
            DecodedBatch into) {
        into.clear();
        if (!DecodedBatch.isKept(canonical.array())) {
            canonical = new ByteWriter(16 << 10);
        }
        canonical.clear();
        described.clear();
        LineErrors errors = new LineErrors();
        OpenMetricsRules rules =
                format == TextFormat.PROMETHEUS ? null : new OpenMetricsRules(format == TextFormat.SCRAPED_OPENMETRICS);
        int line = 0;
        for (int from = 0; from < length; ) {
            int end = from;
            while (end < length && body[end] != '\n') {
                end++;
            }
            line++;
            try {
                readLine(body, from, end, line, nowMillis, limits, rules, into);
            } catch (BadLine e) {
                if (rules != null) {
                    throw refuse(line, e);
                }
                errors.add(line, e.text());
            }
            from = end + 1;
        }
        if (rules != null) {
            try {
                rules.end();
            } catch (BadLine e) {
                throw refuse(line, e);
            }
        }
        described.forEach((metric, about) -> into.addMetadata(new MetricMetadata(
                metric, text(about[TYPE], "unknown"), text(about[HELP], ""), text(about[UNIT], ""))));
        into.resolve(canonical.array(), limits, resolver, labels);
        return errors;
    }

    private static AuspexException refuse(int line, BadLine e) {
        return new AuspexException(Code.BAD_DATA, "line " + line + ": " + e.text(), e);
    }

    private static String text(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    private void readLine(
            byte[] body,
            int from,
            int end,
            int line,
            long nowMillis,
            IngestLimits limits,
            @Nullable OpenMetricsRules rules,
            DecodedBatch into)
            throws BadLine {
        int at = from;
        if (rules == null) {
            while (at < end && (body[at] == ' ' || body[at] == '\t' || body[at] == '\r')) {
                at++;
            }
            if (at == end) {
                return;
            }
        } else {
            rules.line();
        }
        if (at < end && body[at] == '#') {
            comment(new String(body, at, end - at, StandardCharsets.UTF_8), limits, rules);
            return;
        }
        sample.read(body, at, end, rules != null, limits.maxLabels());
        if (rules != null) {
            rules.sample(sample);
        }
        add(line, nowMillis, limits, into);
    }

    private void add(int line, long nowMillis, IngestLimits limits, DecodedBatch into) {
        int start = canonical.size();
        sample.labels.writeTo(canonical);
        if (canonical.size() > limits.maxBodyBytes()) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE, "the labels of the request take more than " + limits.maxBodyBytes());
        }
        long timestamp = sample.hasTimestamp ? sample.timestamp : nowMillis;
        into.addSample(timestamp, sample.value);
        if (sample.hasExemplar) {
            exemplarBytes.clear();
            sample.exemplarLabels.writeTo(exemplarBytes);
            Labels own = labels.readUnnamed(exemplarBytes.array(), 0, exemplarBytes.size(), limits);
            into.addExemplar(RemoteWriteDecoder.exemplar(
                    own, sample.exemplarValue, sample.exemplarHasTimestamp ? sample.exemplarTimestamp : timestamp));
        }
        into.atItem(line);
        into.addSeries(canonical.array(), start, canonical.size() - start, start);
    }

    private void comment(String text, IngestLimits limits, @Nullable OpenMetricsRules rules) throws BadLine {
        if (rules != null && text.equals("# EOF")) {
            rules.eof();
            return;
        }
        String[] words = text.split(rules != null ? " " : "[ \\t]+", 4);
        int kind = words.length < 2 || !words[0].equals("#")
                ? -1
                : switch (words[1]) {
                    case "TYPE" -> TYPE;
                    case "HELP" -> HELP;
                    case "UNIT" -> UNIT;
                    default -> -1;
                };
        if (kind < 0 || words.length < 4) {
            if (rules != null) {
                throw new BadLine(
                        "'" + text.substring(0, Math.min(text.length(), 100)) + "' is no line of OpenMetrics");
            }
            return; // a comment, or help that says nothing
        }
        String metric = name(words[2]);
        String said = kind == HELP ? unescape(words[3]) : rules == null ? words[3].strip() : words[3];
        if (metric.isEmpty()) {
            throw new BadLine("'" + words[2] + "' is not a metric name");
        }
        if (kind == TYPE && (!TYPES.contains(said) || (rules != null && said.equals("untyped")))) {
            throw new BadLine("'" + said + "' is not a type of metric");
        }
        if (kind == UNIT && said.indexOf(' ') >= 0) {
            throw new BadLine("a unit is one word");
        }
        if (rules != null) {
            rules.about(metric, words[1], said);
        }
        if (metric.length() <= limits.maxLabelValueBytes() && said.length() <= limits.maxLabelValueBytes()) {
            described.computeIfAbsent(metric, absent -> new String[3])[kind] =
                    said.equals("untyped") ? "unknown" : said;
        }
    }

    /** The name as it is, or as it stands between quotes; empty when it is none. */
    private static String name(String word) {
        if (word.length() > 2 && word.charAt(0) == '"' && word.endsWith("\"")) {
            return unescape(word.substring(1, word.length() - 1));
        }
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) > 127 || !TextSample.isNameByte((byte) word.charAt(i), i == 0)) {
                return "";
            }
        }
        return word;
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char here = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (here == '\\' && (next == '\\' || next == 'n' || next == '"')) {
                plain.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                plain.append(here);
            }
        }
        return plain.toString();
    }
}
