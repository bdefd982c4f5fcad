package io.auspex.forecast.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.PromDuration;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Times and durations of request bodies: RFC 3339 or Unix seconds, Prometheus durations or seconds. */
public final class TimeValues {
    private static final double MOST_SECONDS = 253_402_300_799.0;

    private TimeValues() {}

    /** A time in Unix milliseconds, or the given one when it is absent. */
    public static long millis(@Nullable JsonValue value, String name, long otherwise) {
        if (value == null || value == JsonValue.NULL) {
            return otherwise;
        }
        if (value instanceof JsonNumber number) {
            return seconds(number.doubleValue(), name);
        }
        if (value instanceof JsonString text) {
            return millis(text.getString(), name, otherwise);
        }
        throw invalid(name, value.toString());
    }

    /** A time in Unix milliseconds, or the given one when it is absent or empty. */
    public static long millis(@Nullable String text, String name, long otherwise) {
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            return text.matches("-?\\d+(\\.\\d+)?")
                    ? seconds(Double.parseDouble(text), name)
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw invalid(name, text);
        }
    }

    /** A duration in milliseconds, or the given one when it is absent. */
    public static long duration(@Nullable JsonValue value, String name, long otherwise) {
        if (value == null || value == JsonValue.NULL) {
            return otherwise;
        }
        if (value instanceof JsonNumber number) {
            return seconds(number.doubleValue(), name);
        }
        if (value instanceof JsonString text) {
            try {
                return PromDuration.parseMillis(text.getString());
            } catch (AuspexException e) {
                throw new AuspexException(Code.BAD_REQUEST, name + ": " + e.detail(), e);
            }
        }
        throw invalid(name, value.toString());
    }

    private static long seconds(double seconds, String name) {
        if (!(Math.abs(seconds) <= MOST_SECONDS)) {
            throw invalid(name, Double.toString(seconds));
        }
        return Math.round(seconds * 1000);
    }

    private static AuspexException invalid(String name, String text) {
        return new AuspexException(
                Code.BAD_REQUEST, name + " must be RFC 3339, Unix seconds or a duration such as 5m, got " + text);
    }
}
