package io.auspex.ingest;

import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Names, numbers and kinds of the fields of OpenTelemetry's metrics messages (opentelemetry-proto 1.x). */
final class OtlpSchema {
    /** How a field stands on the wire, and how in JSON. */
    enum Kind {
        MESSAGE(2),
        TEXT(2),
        HEXADECIMAL(2),
        BASE64(2),
        BOOL(0),
        INTEGER(0),
        ZIGZAG(0),
        FIXED(1),
        DOUBLE(1);

        private final int wire;

        Kind(int wire) {
            this.wire = wire;
        }

        int wire() {
            return wire;
        }
    }

    /**
     * A field.
     *
     * @param message the name of the message that it holds, empty for other kinds
     */
    record Field(int number, Kind kind, String message) {}

    /** A message: its fields by their names in JSON. */
    record Message(Map<String, Field> fields) {
        @Nullable
        Field field(String name) {
            return fields.get(name);
        }
    }

    private static final Field ATTRIBUTES_1 = message(1, "KeyValue");
    private static final Field START = new Field(2, Kind.FIXED, "");
    private static final Field TIME = new Field(3, Kind.FIXED, "");
    private static final Field COUNT = new Field(4, Kind.FIXED, "");
    private static final Field SUM = new Field(5, Kind.DOUBLE, "");

    static final Message REQUEST = new Message(Map.of("resourceMetrics", message(1, "ResourceMetrics")));

    private static final Map<String, Message> MESSAGES = Map.ofEntries(
            entry("ResourceMetrics", "resource", message(1, "Resource"), "scopeMetrics", message(2, "ScopeMetrics")),
            entry("Resource", "attributes", ATTRIBUTES_1),
            entry("ScopeMetrics", "metrics", message(2, "Metric")),
            Map.entry(
                    "Metric",
                    new Message(Map.of(
                            "name", new Field(1, Kind.TEXT, ""),
                            "description", new Field(2, Kind.TEXT, ""),
                            "unit", new Field(3, Kind.TEXT, ""),
                            "gauge", message(5, "Gauge"),
                            "sum", message(7, "Sum"),
                            "histogram", message(9, "Histogram"),
                            "exponentialHistogram", message(10, "ExponentialHistogram"),
                            "summary", message(11, "Summary")))),
            entry("Gauge", "dataPoints", message(1, "NumberDataPoint")),
            Map.entry(
                    "Sum",
                    new Message(Map.of(
                            "dataPoints", message(1, "NumberDataPoint"),
                            "aggregationTemporality", new Field(2, Kind.INTEGER, ""),
                            "isMonotonic", new Field(3, Kind.BOOL, "")))),
            entry(
                    "Histogram",
                    "dataPoints",
                    message(1, "HistogramDataPoint"),
                    "aggregationTemporality",
                    new Field(2, Kind.INTEGER, "")),
            entry(
                    "ExponentialHistogram",
                    "dataPoints",
                    message(1, "ExponentialHistogramDataPoint"),
                    "aggregationTemporality",
                    new Field(2, Kind.INTEGER, "")),
            entry("Summary", "dataPoints", message(1, "SummaryDataPoint")),
            Map.entry(
                    "NumberDataPoint",
                    new Message(Map.of(
                            "attributes",
                            message(7, "KeyValue"),
                            "startTimeUnixNano",
                            START,
                            "timeUnixNano",
                            TIME,
                            "asDouble",
                            new Field(4, Kind.DOUBLE, ""),
                            "asInt",
                            new Field(6, Kind.FIXED, ""),
                            "exemplars",
                            message(5, "Exemplar"),
                            "flags",
                            new Field(8, Kind.INTEGER, "")))),
            Map.entry(
                    "HistogramDataPoint",
                    new Message(Map.of(
                            "attributes",
                            message(9, "KeyValue"),
                            "startTimeUnixNano",
                            START,
                            "timeUnixNano",
                            TIME,
                            "count",
                            COUNT,
                            "sum",
                            SUM,
                            "bucketCounts",
                            new Field(6, Kind.FIXED, ""),
                            "explicitBounds",
                            new Field(7, Kind.DOUBLE, ""),
                            "exemplars",
                            message(8, "Exemplar"),
                            "flags",
                            new Field(10, Kind.INTEGER, "")))),
            Map.entry(
                    "ExponentialHistogramDataPoint",
                    new Message(Map.ofEntries(
                            Map.entry("attributes", ATTRIBUTES_1),
                            Map.entry("startTimeUnixNano", START),
                            Map.entry("timeUnixNano", TIME),
                            Map.entry("count", COUNT),
                            Map.entry("sum", SUM),
                            Map.entry("scale", new Field(6, Kind.ZIGZAG, "")),
                            Map.entry("zeroCount", new Field(7, Kind.FIXED, "")),
                            Map.entry("positive", message(8, "Buckets")),
                            Map.entry("negative", message(9, "Buckets")),
                            Map.entry("flags", new Field(10, Kind.INTEGER, "")),
                            Map.entry("exemplars", message(11, "Exemplar")),
                            Map.entry("zeroThreshold", new Field(14, Kind.DOUBLE, ""))))),
            entry("Buckets", "offset", new Field(1, Kind.ZIGZAG, ""), "bucketCounts", new Field(2, Kind.INTEGER, "")),
            Map.entry(
                    "SummaryDataPoint",
                    new Message(Map.of(
                            "attributes", message(7, "KeyValue"),
                            "startTimeUnixNano", START,
                            "timeUnixNano", TIME,
                            "count", COUNT,
                            "sum", SUM,
                            "quantileValues", message(6, "ValueAtQuantile"),
                            "flags", new Field(8, Kind.INTEGER, "")))),
            entry("ValueAtQuantile", "quantile", new Field(1, Kind.DOUBLE, ""), "value", new Field(2, Kind.DOUBLE, "")),
            Map.entry(
                    "Exemplar",
                    new Message(Map.of(
                            "filteredAttributes", message(7, "KeyValue"),
                            "timeUnixNano", START,
                            "asDouble", new Field(3, Kind.DOUBLE, ""),
                            "asInt", new Field(6, Kind.FIXED, ""),
                            "spanId", new Field(4, Kind.HEXADECIMAL, ""),
                            "traceId", new Field(5, Kind.HEXADECIMAL, "")))),
            entry("KeyValue", "key", new Field(1, Kind.TEXT, ""), "value", message(2, "AnyValue")),
            Map.entry(
                    "AnyValue",
                    new Message(Map.of(
                            "stringValue", new Field(1, Kind.TEXT, ""),
                            "boolValue", new Field(2, Kind.BOOL, ""),
                            "intValue", new Field(3, Kind.INTEGER, ""),
                            "doubleValue", new Field(4, Kind.DOUBLE, ""),
                            "arrayValue", message(5, "ArrayValue"),
                            "kvlistValue", message(6, "KeyValueList"),
                            "bytesValue", new Field(7, Kind.BASE64, "")))),
            entry("ArrayValue", "values", message(1, "AnyValue")),
            entry("KeyValueList", "values", ATTRIBUTES_1));

    private OtlpSchema() {}

    private static Field message(int number, String name) {
        return new Field(number, Kind.MESSAGE, name);
    }

    private static Map.Entry<String, Message> entry(String name, String first, Field firstField) {
        return Map.entry(name, new Message(Map.of(first, firstField)));
    }

    private static Map.Entry<String, Message> entry(
            String name, String first, Field firstField, String second, Field secondField) {
        return Map.entry(name, new Message(Map.of(first, firstField, second, secondField)));
    }

    /** The message that a field holds. */
    static Message message(Field field) {
        Message message = MESSAGES.get(field.message());
        if (message == null) {
            throw new IllegalStateException("no message " + field.message());
        }
        return message;
    }

    /** The number of a constant by its name. */
    static OptionalLong enumeration(String name) {
        return switch (name) {
            case "AGGREGATION_TEMPORALITY_UNSPECIFIED" -> OptionalLong.of(0);
            case "AGGREGATION_TEMPORALITY_DELTA" -> OptionalLong.of(1);
            case "AGGREGATION_TEMPORALITY_CUMULATIVE" -> OptionalLong.of(2);
            default -> OptionalLong.empty();
        };
    }
}
