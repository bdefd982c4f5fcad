package io.auspex.ingest;

/** Why a series or sample of a request is refused; each is a metric label and a line in the API. */
public enum Reason {
    METRIC_NAME_MISSING("the label __name__ is missing or empty"),
    LABEL_NAME_INVALID("a label name is empty or not valid UTF-8"),
    LABEL_VALUE_INVALID("a label value is not valid UTF-8"),
    LABEL_DUPLICATE("a label name occurs twice"),
    LABEL_LIMIT("more labels than the plan allows"),
    LABEL_NAME_TOO_LONG("a label name is longer than the plan allows"),
    LABEL_VALUE_TOO_LONG("a label value is longer than the plan allows"),
    LABELS_TOO_LARGE("the labels of the series are larger than the plan allows"),
    HISTOGRAM_INVALID("a native histogram contradicts itself"),
    HISTOGRAM_TOO_LARGE("a native histogram has more buckets than the plan allows"),
    EXEMPLAR_INVALID("the labels of an exemplar are not valid or too long"),
    LINE_INVALID("a line of the text cannot be read"),
    VALUE_INVALID("the value of the sample cannot be read"),
    TEMPORALITY_UNSUPPORTED("the aggregation temporality is not supported for this kind of metric"),
    SERIES_LIMIT("more active series than the plan allows"),
    DUPLICATE_TIMESTAMP("another value is there for the timestamp"),
    TOO_OLD("older than the out-of-order window of the plan"),
    TOO_FAR_IN_FUTURE("further in the future than clocks may differ"),
    SERIES_GONE("the series was deleted while the sample came in");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** The reason as a sentence without its series. */
    public String text() {
        return text;
    }
}
