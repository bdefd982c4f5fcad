package io.auspex.ingest;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of OpenMetrics 1.0 that go beyond a line: what belongs to a metric family stands together and describes it
 * first, the samples of a family fit its type, and the text ends with {@code # EOF}. For one text.
 */
final class OpenMetricsRules {
    private static final Map<String, List<String>> SUFFIXES = Map.of(
            "counter", List.of("_total", "_created"),
            "summary", List.of("", "_count", "_sum", "_created"),
            "histogram", List.of("_count", "_sum", "_bucket", "_created"),
            "gaugehistogram", List.of("_gcount", "_gsum", "_bucket"),
            "info", List.of("_info"));
    private static final Set<String> NEVER_NAN = Set.of("_total", "_sum", "_count", "_bucket", "_gcount", "_gsum");
    private static final Set<String> NEVER_NEGATIVE = Set.of("_total", "_sum", "_count", "_bucket", "_gcount");
    private static final Set<String> WHOLE = Set.of("_count", "_bucket", "_gcount");

    private final boolean lineByLine;
    private final Set<String> taken = new HashSet<>();
    private boolean ended;

    private @Nullable String family;
    private String type = "unknown";
    private String unit = "";
    private final Set<String> described = new HashSet<>();
    private final Set<TreeMap<String, String>> groups = new HashSet<>();
    private @Nullable TreeMap<String, String> group;
    private boolean groupHasTimestamp;
    private long groupTimestamp;
    private boolean sampled;
    private final HistogramRule histogram = new HistogramRule();

    /** @param lineByLine whether only the end of the text is looked at, as scrapers do */
    OpenMetricsRules(boolean lineByLine) {
        this.lineByLine = lineByLine;
    }

    /** A line comes. */
    void line() throws BadLine {
        if (ended) {
            throw new BadLine("something follows # EOF");
        }
    }

    void eof() {
        ended = true;
    }

    /** The text ends. */
    void end() throws BadLine {
        if (!ended) {
            throw new BadLine("# EOF is missing at the end");
        }
        closeFamily();
    }

    /** A family is described: its TYPE, HELP or UNIT. */
    void about(String name, String what, String text) throws BadLine {
        if (lineByLine) {
            return;
        }
        if (!name.equals(family)) {
            openFamily(name);
        } else if (sampled) {
            throw new BadLine(what + " of " + name + " stands behind its samples");
        }
        if (!described.add(what)) {
            throw new BadLine("a second " + what + " of " + name);
        }
        if (what.equals("TYPE")) {
            type = text;
        } else if (what.equals("UNIT")) {
            unit = text;
        }
    }

    private void openFamily(String name) throws BadLine {
        closeFamily();
        family = name;
        type = "unknown";
        unit = "";
        described.clear();
        groups.clear();
        group = null;
        sampled = false;
        histogram.begin();
    }

    private void closeFamily() throws BadLine {
        String name = family;
        if (name == null) {
            return;
        }
        take(name);
        for (String suffix : SUFFIXES.getOrDefault(type, List.of())) {
            if (!suffix.isEmpty()) {
                take(name + suffix);
            }
        }
        if (!unit.isEmpty() && !name.endsWith("_" + unit)) {
            throw new BadLine("the name " + name + " does not end with its unit " + unit);
        }
        if (!unit.isEmpty() && (type.equals("info") || type.equals("stateset"))) {
            throw new BadLine(name + " is of type " + type + ", which has no unit");
        }
        if (isHistogram()) {
            histogram.end();
        }
    }

    private void take(String name) throws BadLine {
        if (!taken.add(name)) {
            throw new BadLine("the name " + name + " belongs to two metric families");
        }
    }

    private boolean isHistogram() {
        return type.equals("histogram") || type.equals("gaugehistogram");
    }

    void sample(TextSample sample) throws BadLine {
        if (lineByLine) {
            return;
        }
        String name = sample.name();
        String suffix = family == null ? null : suffix(family, name);
        if (suffix == null) {
            openFamily(name);
            suffix = "";
        }
        sampled = true;
        TreeMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < sample.labels.size(); i++) {
            if (!sample.labels.name(i).equals("__name__")) {
                labels.put(sample.labels.name(i), sample.labels.value(i));
            }
        }
        checkLabels(suffix, labels);
        checkValue(suffix, sample.value);
        if (sample.hasExemplar
                && !(isHistogram() && suffix.equals("_bucket"))
                && !(type.equals("counter") && suffix.equals("_total"))) {
            throw new BadLine("an exemplar at " + name + " of type " + type);
        }
        if (sample.hasExemplar && characters(sample.exemplarLabels) > 128) {
            throw new BadLine("the labels of an exemplar have more than 128 characters");
        }
        double bound = isHistogram() && suffix.equals("_bucket") ? bound(labels) : Double.NaN;
        checkGroup(groupOf(suffix, labels), sample.hasTimestamp, sample.timestamp);
        if (isHistogram()) {
            histogram.sample(suffix, bound, sample.value);
        }
    }

    /** What a name adds to that of its family, null when it does not belong to it. */
    private @Nullable String suffix(String of, String name) {
        if (!name.startsWith(of)) {
            return null;
        }
        String suffix = name.substring(of.length());
        return SUFFIXES.getOrDefault(type, List.of("")).contains(suffix) ? suffix : null;
    }

    private static int characters(LabelList labels) {
        int characters = 0;
        for (int i = 0; i < labels.size(); i++) {
            characters += labels.name(i).codePointCount(0, labels.name(i).length())
                    + labels.value(i).codePointCount(0, labels.value(i).length());
        }
        return characters;
    }

    private void checkLabels(String suffix, Map<String, String> labels) throws BadLine {
        if (type.equals("stateset") && !labels.containsKey(family)) {
            throw new BadLine("a stateset without the label " + family);
        }
        if (type.equals("summary") && suffix.isEmpty()) {
            double quantile = TextSample.parse(labels.getOrDefault("quantile", "-1"), "quantile");
            if (!(quantile >= 0 && quantile <= 1)) {
                throw new BadLine("a quantile is between 0 and 1");
            }
        }
    }

    private static double bound(Map<String, String> labels) throws BadLine {
        String le = labels.getOrDefault("le", "NaN");
        double bound = TextSample.parse(le, "label le");
        if (Double.isNaN(bound) || (bound == Double.POSITIVE_INFINITY && !le.equals("+Inf"))) {
            throw new BadLine("the label le of a bucket is a number or +Inf");
        }
        return bound;
    }

    private void checkValue(String suffix, double value) throws BadLine {
        if (type.equals("stateset") && value != 0 && value != 1) {
            throw new BadLine("a stateset is 0 or 1");
        }
        if (type.equals("info") && value != 1) {
            throw new BadLine("an info is 1");
        }
        if (type.equals("summary") && suffix.isEmpty() && value < 0) {
            throw new BadLine("a quantile's value is negative");
        }
        if (NEVER_NAN.contains(suffix) && Double.isNaN(value)) {
            throw new BadLine(suffix + " is NaN");
        }
        if (NEVER_NEGATIVE.contains(suffix) && value < 0) {
            throw new BadLine(suffix + " is negative");
        }
        if (WHOLE.contains(suffix) && value != Math.rint(value)) {
            throw new BadLine(suffix + " is not a whole number");
        }
    }

    /** The labels that tell a metric from the others of its family. */
    private TreeMap<String, String> groupOf(String suffix, TreeMap<String, String> labels) {
        TreeMap<String, String> own = new TreeMap<>(labels);
        switch (type) {
            case "info" -> own.clear();
            case "stateset" -> own.remove(family);
            case "summary" -> own.remove(suffix.isEmpty() ? "quantile" : "");
            case "histogram", "gaugehistogram" -> own.remove(suffix.equals("_bucket") ? "le" : "");
            default -> {}
        }
        return own;
    }

    private void checkGroup(TreeMap<String, String> own, boolean hasTimestamp, long timestamp) throws BadLine {
        boolean same = own.equals(group);
        if (!same && groups.contains(own)) {
            throw new BadLine("the samples of one metric do not stand together");
        }
        if (same && hasTimestamp != groupHasTimestamp) {
            throw new BadLine("some samples of a metric have a timestamp and some have none");
        }
        if (same && hasTimestamp && timestamp < groupTimestamp && !type.equals("info")) {
            throw new BadLine("the timestamps of a metric go backwards");
        }
        if (!same || (hasTimestamp && timestamp != groupTimestamp)) {
            if (isHistogram()) {
                histogram.end();
                histogram.begin();
            }
        }
        groups.add(own);
        group = own;
        groupHasTimestamp = hasTimestamp;
        groupTimestamp = timestamp;
    }

    /** What the samples of one histogram at one time must fulfil together. */
    private static final class HistogramRule {
        private boolean began;
        private double bound;
        private double bucket;
        private double count;
        private boolean negativeBounds;
        private boolean hasSum;
        private boolean hasGaugeSum;
        private boolean negativeGaugeSum;

        void begin() {
            began = false;
            bound = Double.NaN;
            bucket = 0;
            count = Double.NaN;
            negativeBounds = false;
            hasSum = false;
            hasGaugeSum = false;
            negativeGaugeSum = false;
        }

        void sample(String suffix, double le, double value) throws BadLine {
            began = true;
            switch (suffix) {
                case "_bucket" -> {
                    if (le <= bound || value < bucket) {
                        throw new BadLine("the buckets of a histogram are out of order");
                    }
                    negativeBounds |= le < 0;
                    bound = le;
                    bucket = value;
                }
                case "_count", "_gcount" -> count = value;
                case "_sum" -> hasSum = true;
                case "_gsum" -> {
                    hasGaugeSum = true;
                    negativeGaugeSum = value < 0;
                }
                default -> {}
            }
        }

        void end() throws BadLine {
            if (!began) {
                return;
            }
            boolean hasCount = !Double.isNaN(count);
            if (bound != Double.POSITIVE_INFINITY) {
                throw new BadLine("a histogram without the bucket +Inf");
            }
            if (hasCount && count != bucket) {
                throw new BadLine("the count of a histogram is not that of its bucket +Inf");
            }
            if (hasCount != (hasSum || hasGaugeSum)) {
                throw new BadLine("a histogram with only one of count and sum");
            }
            if (negativeBounds && hasSum) {
                throw new BadLine("a histogram with negative bounds has no sum");
            }
            if (!negativeBounds && negativeGaugeSum) {
                throw new BadLine("a histogram with a negative sum and no negative bounds");
            }
        }
    }
}
