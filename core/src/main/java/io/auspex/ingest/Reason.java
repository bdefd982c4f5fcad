package io.auspex.ingest;

/** Why a series or sample of a request is refused; each is a metric label and a line in the API. */
public enum Reason {
    METRIC_NAME_MISSING(
            "the label __name__ is missing or empty", "set __name__, or drop such series with write_relabel_configs"),
    LABEL_NAME_INVALID("a label name is empty or not valid UTF-8", "send label names as UTF-8 that is not empty"),
    LABEL_VALUE_INVALID("a label value is not valid UTF-8", "send label values as UTF-8"),
    LABEL_DUPLICATE("a label name occurs twice", "send each label name once"),
    LABEL_LIMIT(
            "more labels than the plan allows",
            "drop labels with write_relabel_configs, or raise auspex.ingest.max-labels"),
    LABEL_NAME_TOO_LONG(
            "a label name is longer than the plan allows",
            "shorten the name, or raise auspex.ingest.max-label-name-bytes"),
    LABEL_VALUE_TOO_LONG(
            "a label value is longer than the plan allows",
            "shorten the value, or raise auspex.ingest.max-label-value-bytes"),
    LABELS_TOO_LARGE(
            "the labels of the series are larger than the plan allows",
            "drop labels with write_relabel_configs, or raise auspex.ingest.max-label-set-bytes"),
    HISTOGRAM_INVALID("a native histogram contradicts itself", "update the library that makes the histogram"),
    HISTOGRAM_TOO_LARGE(
            "a native histogram has more buckets than the plan allows",
            "lower the resolution of the histogram, or raise auspex.ingest.max-histogram-buckets"),
    EXEMPLAR_INVALID(
            "the labels of an exemplar are not valid or too long",
            "keep the labels of exemplars within 128 characters"),
    LINE_INVALID("a line of the text cannot be read", "correct the line that the detail names"),
    VALUE_INVALID("the value of the sample cannot be read", "send each data point with a number"),
    TEMPORALITY_UNSUPPORTED(
            "the aggregation temporality is not supported for this kind of metric",
            "send sums and histograms as cumulative or delta"),
    DELTA_OUT_OF_ORDER(
            "a difference is not later than the one before it", "send each series from one place, in order of time"),
    SERIES_LIMIT(
            "more active series than the plan allows",
            "find the label to blame in /api/v1/ingest/cardinality and drop it, or raise the limit"),
    METRIC_SERIES_LIMIT(
            "more series of the metric than the plan allows",
            "find the label to blame in /api/v1/ingest/cardinality and drop it, or raise the limit"),
    MEMORY_LIMIT(
            "the node has no memory for further series",
            "send fewer series, lower auspex.ingest.active-series of the tenant that has most, or raise AUSPEX_HEAP"),
    DUPLICATE_TIMESTAMP(
            "another value is there for the timestamp",
            "see that no two senders write the same series: give each a label of its own"),
    TOO_OLD(
            "older than the out-of-order window of the plan",
            "send sooner, or raise auspex.ingest.out-of-order-window"),
    TOO_FAR_IN_FUTURE("further in the future than clocks may differ", "set the sender's clock, or its unit of time"),
    /** Not an error: what rules of the tenant drop is counted by itself ({@link Account#dropped}). */
    DROPPED("a rule of the tenant drops the series", "see relabel in /api/v1/ingest/config"),
    SERIES_GONE("the series was deleted while the sample came in", "send it again; the series is made anew");

    private final String text;
    private final String fix;

    Reason(String text, String fix) {
        this.text = text;
        this.fix = fix;
    }

    /** The reason as a sentence without its series. */
    public String text() {
        return text;
    }

    /** What the sender may do about it. */
    public String fix() {
        return fix;
    }
}
