package io.auspex.forecast.control;

import io.auspex.forecast.Forecast;
import io.auspex.forecast.IssuedForecast;
import io.auspex.platform.PageRequest;
import io.auspex.series.ErasedSeries;
import io.auspex.series.Labels;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables {@code forecast} and {@code forecast_point}. */
@ApplicationScoped
public class ForecastStore {
    @Inject
    TenantJdbc jdbc;

    /** Stores forecasts that belong together, in one transaction; gives them their ids. */
    public List<IssuedForecast> add(TenantId tenant, List<IssuedForecast> issued) {
        return jdbc.call(tenant, connection -> {
            List<IssuedForecast> stored = new ArrayList<>();
            for (IssuedForecast forecast : issued) {
                IssuedForecast numbered = forecast.withId(insert(connection, tenant, forecast));
                points(connection, tenant, numbered);
                stored.add(numbered);
            }
            return stored;
        });
    }

    private static long insert(Connection connection, TenantId tenant, IssuedForecast issued) throws SQLException {
        String sql = "insert into auspex.forecast (tenant_id, expression, labels, issued_at, start_at, step_ms, leader,"
                + " weights, mase, naive_mase) values (?, ?, ?::json, ?, ?, ?, ?, ?::json, ?, ?) returning forecast_id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant.value());
            statement.setString(2, issued.expression());
            statement.setString(3, json(issued.labels()));
            statement.setObject(4, issued.issuedAt().atOffset(ZoneOffset.UTC));
            statement.setObject(5, issued.startAt().atOffset(ZoneOffset.UTC));
            statement.setLong(6, issued.stepMillis());
            statement.setString(7, issued.forecast().leader());
            statement.setString(8, json(issued.forecast().weights()));
            number(statement, 9, issued.forecast().backTestMase());
            number(statement, 10, issued.forecast().naiveMase());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void points(Connection connection, TenantId tenant, IssuedForecast issued) throws SQLException {
        Forecast forecast = issued.forecast();
        try (PreparedStatement statement =
                connection.prepareStatement("insert into auspex.forecast_point values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (int h = 0; h < forecast.median().length; h++) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, issued.id());
                statement.setInt(3, h + 1);
                statement.setDouble(4, forecast.median()[h]);
                statement.setDouble(5, forecast.lower80()[h]);
                statement.setDouble(6, forecast.upper80()[h]);
                statement.setDouble(7, forecast.lower95()[h]);
                statement.setDouble(8, forecast.upper95()[h]);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** The latest forecasts first, without their points; one more than the page's limit when there are more. */
    public List<IssuedForecast> list(TenantId tenant, PageRequest page) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.forecast where tenant_id = ? and forecast_id < ? order by forecast_id desc limit ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, page.after(Long.MAX_VALUE));
                statement.setInt(3, page.limit() + 1);
                List<IssuedForecast> found = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.add(read(row, new double[5][0]));
                    }
                }
                return found;
            }
        });
    }

    public Optional<IssuedForecast> find(TenantId tenant, long id) {
        return jdbc.call(tenant, connection -> {
            double[][] points = points(connection, tenant, id);
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.forecast where tenant_id = ? and forecast_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, id);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(read(row, points)) : Optional.empty();
                }
            }
        });
    }

    private static double[][] points(Connection connection, TenantId tenant, long id) throws SQLException {
        List<double[]> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select median, lower80, upper80, lower95, upper95 from auspex.forecast_point"
                        + " where tenant_id = ? and forecast_id = ? order by step")) {
            statement.setInt(1, tenant.value());
            statement.setLong(2, id);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new double[] {
                        row.getDouble(1), row.getDouble(2), row.getDouble(3), row.getDouble(4), row.getDouble(5)
                    });
                }
            }
        }
        double[][] columns = new double[5][rows.size()];
        for (int h = 0; h < rows.size(); h++) {
            for (int c = 0; c < 5; c++) {
                columns[c][h] = rows.get(h)[c];
            }
        }
        return columns;
    }

    private static IssuedForecast read(ResultSet row, double[][] points) throws SQLException {
        Forecast forecast = new Forecast(
                points[0],
                points[1],
                points[2],
                points[3],
                points[4],
                weights(row.getString("weights")),
                number(row, "mase"),
                number(row, "naive_mase"),
                0);
        return new IssuedForecast(
                row.getLong("forecast_id"),
                row.getString("expression"),
                labels(row.getString("labels")),
                row.getObject("issued_at", OffsetDateTime.class).toInstant(),
                row.getObject("start_at", OffsetDateTime.class).toInstant(),
                row.getLong("step_ms"),
                forecast);
    }

    private static void number(PreparedStatement statement, int index, double value) throws SQLException {
        if (Double.isFinite(value)) {
            statement.setDouble(index, value);
        } else {
            statement.setNull(index, Types.DOUBLE);
        }
    }

    private static double number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Double.NaN : value;
    }

    void erase(@Observes ErasedSeries erased) {
        if (erased.series().isEmpty()) {
            return;
        }
        jdbc.run(erased.tenant(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement("delete from auspex.forecast where"
                    + " labels::jsonb in (select l::jsonb from unnest(?::text[]) as u (l))")) {
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "text",
                                erased.series().stream()
                                        .map(ForecastStore::json)
                                        .toArray()));
                statement.executeUpdate();
            }
        });
    }

    private static String json(Labels labels) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        labels.forEach(object::add);
        return object.build().toString();
    }

    private static Labels labels(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            Map<String, String> labels = new TreeMap<>();
            reader.readObject().forEach((name, value) -> labels.put(name, ((JsonString) value).getString()));
            return Labels.of(labels);
        }
    }

    private static String json(List<Forecast.Weight> weights) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        weights.forEach(weight -> array.add(Json.createObjectBuilder()
                .add("forecaster", weight.forecaster())
                .add("share", weight.share())
                .add("error", weight.backTestError())));
        return array.build().toString();
    }

    private static List<Forecast.Weight> weights(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readArray().getValuesAs(JsonObject.class).stream()
                    .map(weight -> new Forecast.Weight(
                            weight.getString("forecaster"),
                            weight.getJsonNumber("share").doubleValue(),
                            weight.getJsonNumber("error").doubleValue()))
                    .toList();
        }
    }
}
