package io.auspex.insight.control;

import io.auspex.insight.Finding;
import io.auspex.insight.Insight;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code insight}. */
@ApplicationScoped
public class InsightStore {
    @Inject
    TenantJdbc jdbc;

    /** Which insights a reader wants; empty strings for all. */
    public record Filter(String kind, String severity, boolean openOnly) {
        public static final Filter ALL = new Filter("", "", false);
    }

    /** Stores a finding in the transaction of a connection that is bound to the tenant. */
    public void put(Connection connection, TenantId tenant, Finding finding, Instant openedAt, Instant now)
            throws SQLException {
        String sql = "insert into auspex.insight (tenant_id, kind, severity, source, entity, title, summary, evidence,"
                + " opened_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?)"
                + " on conflict (tenant_id, source) do update set severity = excluded.severity, title = excluded.title,"
                + " summary = excluded.summary, evidence = excluded.evidence, updated_at = excluded.updated_at";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant.value());
            statement.setString(2, finding.kind().wireName());
            statement.setString(3, finding.severity().wireName());
            statement.setString(4, finding.source());
            statement.setString(5, finding.entity());
            statement.setString(6, finding.title());
            statement.setString(7, finding.summary());
            statement.setString(8, json(finding.evidence()));
            statement.setObject(9, openedAt.atOffset(ZoneOffset.UTC));
            statement.setObject(10, now.atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    /** Deletes what some sources found, in the transaction of a connection that is bound to the tenant. */
    public void erase(Connection connection, List<String> sources) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from auspex.insight where source = any (?)")) {
            statement.setArray(1, connection.createArrayOf("text", sources.toArray()));
            statement.executeUpdate();
        }
    }

    /** Says that what a source found is over; a source without insight is left alone. */
    public void close(Connection connection, TenantId tenant, String source, Instant closedAt) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "update auspex.insight set closed_at = ?, updated_at = ? where tenant_id = ? and source = ? and closed_at is null")) {
            statement.setObject(1, closedAt.atOffset(ZoneOffset.UTC));
            statement.setObject(2, closedAt.atOffset(ZoneOffset.UTC));
            statement.setInt(3, tenant.value());
            statement.setString(4, source);
            statement.executeUpdate();
        }
    }

    /** The latest insights first, one more than the page's limit when there are more. */
    public List<Insight> list(TenantId tenant, Filter filter, PageRequest page) {
        String sql = "select * from auspex.insight where tenant_id = ? and insight_id < ? and (? = '' or kind = ?)"
                + " and (? = '' or severity = ?) and (not ? or closed_at is null) order by insight_id desc limit ?";
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, page.after(Long.MAX_VALUE));
                statement.setString(3, filter.kind());
                statement.setString(4, filter.kind());
                statement.setString(5, filter.severity());
                statement.setString(6, filter.severity());
                statement.setBoolean(7, filter.openOnly());
                statement.setInt(8, page.limit() + 1);
                return read(statement);
            }
        });
    }

    public Optional<Insight> find(TenantId tenant, long id) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.insight where tenant_id = ? and insight_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, id);
                return read(statement).stream().findFirst();
            }
        });
    }

    private static List<Insight> read(PreparedStatement statement) throws SQLException {
        List<Insight> insights = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                insights.add(new Insight(
                        row.getLong("insight_id"),
                        row.getString("kind"),
                        row.getString("severity"),
                        row.getString("source"),
                        row.getString("entity"),
                        row.getString("title"),
                        row.getString("summary"),
                        links(row.getString("evidence")),
                        row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("closed_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)));
            }
        }
        return insights;
    }

    private static String json(List<Finding.Link> links) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        links.forEach(link ->
                array.add(Json.createObjectBuilder().add("rel", link.rel()).add("href", link.href())));
        return array.build().toString();
    }

    private static List<Finding.Link> links(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            JsonArray array = reader.readArray();
            return array.getValuesAs(JsonObject.class).stream()
                    .map(link -> new Finding.Link(link.getString("rel"), link.getString("href")))
                    .toList();
        }
    }
}
