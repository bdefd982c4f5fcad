package io.auspex.anomaly.control;

import io.auspex.anomaly.Score;
import io.auspex.series.Labels;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values of judgements in and out of columns. */
final class Rows {
    private Rows() {}

    static OffsetDateTime timestamp(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** NaN is stored as null. */
    static void number(PreparedStatement statement, int index, double value) throws SQLException {
        if (Double.isFinite(value)) {
            statement.setDouble(index, value);
        } else {
            statement.setNull(index, Types.DOUBLE);
        }
    }

    static double number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Double.NaN : value;
    }

    static String json(Labels labels) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        labels.forEach(object::add);
        return object.build().toString();
    }

    static Labels labels(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            Map<String, String> labels = new TreeMap<>();
            reader.readObject().forEach((name, value) -> labels.put(name, ((JsonString) value).getString()));
            return Labels.of(labels);
        }
    }

    static String json(List<Score.Part> parts) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        parts.forEach(part -> array.add(
                Json.createObjectBuilder().add("detector", part.detector()).add("score", part.score())));
        return array.build().toString();
    }

    static List<Score.Part> parts(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            JsonArray array = reader.readArray();
            return array.getValuesAs(JsonObject.class).stream()
                    .map(part -> new Score.Part(
                            part.getString("detector"),
                            part.getJsonNumber("score").doubleValue()))
                    .toList();
        }
    }
}
