package io.auspex.promql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Warnings and hints of one query: each text once, with the place in the query where it arose last.
 *
 * <p>The texts are the reference's ({@code util/annotations}).
 */
public final class Annotations {
    private static final String WARNING = "PromQL warning: ";
    private static final String INFO = "PromQL info: ";

    private final Map<String, Position> warnings = new LinkedHashMap<>();
    private final Map<String, Position> infos = new LinkedHashMap<>();
    private String lastKind = "";
    private Object lastDetail = "";
    private @Nullable Position lastPosition;

    /** A doubt about the result. */
    public void warn(String text, Position position) {
        warnings.put(WARNING + text, position);
    }

    /** A remark that may explain the result. */
    public void info(String text, Position position) {
        infos.put(INFO + text, position);
    }

    /** Whether the last remark was the same, as it mostly is from step to step, so that its text is there already. */
    private boolean isRepeated(String kind, Object detail, Position position) {
        boolean repeated = kind.equals(lastKind) && detail.equals(lastDetail) && position.equals(lastPosition);
        lastKind = kind;
        lastDetail = detail;
        lastPosition = position;
        return repeated;
    }

    /** As {@link #info}, about a metric, which may have no name. */
    private void infoOfMetric(String text, String metric, Position position) {
        if (!isRepeated(text, metric, position)) {
            info(withMetric(text, metric), position);
        }
    }

    List<String> warnings(String query) {
        return texts(warnings, query);
    }

    List<String> infos(String query) {
        return texts(infos, query);
    }

    private static List<String> texts(Map<String, Position> places, String query) {
        List<String> texts = new ArrayList<>(places.size());
        places.forEach(
                (text, position) -> texts.add(query.isEmpty() ? text : text + " (" + position.lineColumn(query) + ")"));
        return List.copyOf(texts);
    }

    void invalidQuantile(double q, Position position) {
        if (isRepeated("quantile", q, position)) {
            return;
        }
        warn("quantile value should be between 0 and 1, got " + GoNumbers.general(q), position);
    }

    void invalidRatio(double ratio, double capped, Position position) {
        warn(
                "ratio value should be between -1 and 1, got " + GoNumbers.general(ratio) + ", capping to "
                        + GoNumbers.general(capped),
                position);
    }

    void badBucketLabel(String metric, String label, Position position) {
        warn(
                withMetric("bucket label \"le\" is missing or has a malformed value of " + quote(label), metric),
                position);
    }

    void mixedFloatsAndHistograms(String metric, Position position) {
        if (!isRepeated("mixed", metric, position)) {
            warn("encountered a mix of histograms and floats for metric name " + quote(metric), position);
        }
    }

    void mixedFloatsAndHistogramsInAggregation(Position position) {
        warn("encountered a mix of histograms and floats for aggregation", position);
    }

    void mixedClassicAndNative(String metric, Position position) {
        if (!isRepeated("classic", metric, position)) {
            warn(withMetric("vector contains a mix of classic and native histograms", metric), position);
        }
    }

    void notCounter(String metric, Position position) {
        warn("this native histogram metric is not a counter: " + quote(metric), position);
    }

    void notGauge(String metric, Position position) {
        warn("this native histogram metric is not a gauge: " + quote(metric), position);
    }

    void mixedSchemas(String metric, Position position) {
        warn(
                "vector contains a mix of histograms with exponential and custom buckets schemas for metric name "
                        + quote(metric),
                position);
    }

    void incompatibleBounds(String metric, Position position) {
        warn("vector contains histograms with incompatible custom buckets for metric name " + quote(metric), position);
    }

    void incompatibleLayout(BinaryOp op, Position position) {
        warn("incompatible bucket layout encountered for binary operator " + op.symbol(), position);
    }

    void possibleNonCounter(String metric, Position position) {
        info(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: " + quote(metric),
                position);
    }

    void possibleNonCounterType(String metric, String type, Position position) {
        info(
                "metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got "
                        + quote(type) + ": " + quote(metric),
                position);
    }

    void forcedMonotonicity(String metric, Position position) {
        infoOfMetric(
                "input to histogram_quantile needed to be fixed for monotonicity (see"
                        + " https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)",
                metric,
                position);
    }

    void incompatibleTypes(String left, BinaryOp op, String right, Position position) {
        info(
                "incompatible sample types encountered for binary operator " + quote(op.symbol()) + ": " + left + " "
                        + op.symbol() + " " + right,
                position);
    }

    void histogramIgnored(String aggregation, Position position) {
        info("ignored histogram in " + aggregation + " aggregation", position);
    }

    void histogramsIgnoredInRange(String metric, Position position) {
        info(
                "ignored histograms in a range containing both floats and histograms for metric name " + quote(metric),
                position);
    }

    void quantileIsNaN(String metric, Position position) {
        infoOfMetric("input to histogram_quantile has NaN observations, result is NaN", metric, position);
    }

    void quantileIsSkewed(String metric, Position position) {
        infoOfMetric("input to histogram_quantile has NaN observations, result is skewed higher", metric, position);
    }

    void fractionExcludesNaN(String metric, Position position) {
        infoOfMetric(
                "input to histogram_fraction has NaN observations, which are excluded from all fractions",
                metric,
                position);
    }

    private static String withMetric(String text, String metric) {
        return metric.isEmpty() ? text : text + " for metric name " + quote(metric);
    }

    private static String quote(String text) {
        return GoNumbers.quote(text);
    }
}
