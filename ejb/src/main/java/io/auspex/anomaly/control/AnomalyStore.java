package io.auspex.anomaly.control;

import io.auspex.anomaly.Anomaly;
import io.auspex.anomaly.EventTracker;
import io.auspex.anomaly.Score;
import io.auspex.anomaly.Season;
import io.auspex.insight.boundary.InsightStream;
import io.auspex.platform.PageRequest;
import io.auspex.series.Labels;
import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code anomaly}: one row for each event, beside the insight that tells of it. */
@ApplicationScoped
public class AnomalyStore {
    @Inject
    TenantJdbc jdbc;

    @Inject
    InsightStream insights;

    @Inject
    Clock clock;

    /** A series whose event is stored. */
    record Subject(TenantId tenant, Labels labels, long detectorId, double threshold) {}

    /** Which anomalies a reader wants; an empty metric and epoch bounds for all. */
    public record Filter(String metric, Instant from, Instant to, boolean openOnly) {
        public static final Filter ALL = new Filter("", Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"), false);
    }

    /** Stores an event as it is now, with its insight, in one transaction; a series has at most one open. */
    void put(Subject subject, EventTracker.Event event) {
        jdbc.run(subject.tenant(), connection -> {
            long id = upsert(connection, subject, event);
            Instant opened = Instant.ofEpochMilli(event.startMillis());
            insights.publish(
                    connection, subject.tenant(), AnomalyFinding.of(subject, event, id), opened, clock.instant());
        });
    }

    /** The event of a series is over. */
    void close(Subject subject, EventTracker.Event event) {
        jdbc.run(subject.tenant(), connection -> {
            upsert(connection, subject, event);
            SeriesIdentity series = SeriesIdentity.of(subject.labels());
            String sql = "update auspex.anomaly set ended_at = ? where tenant_id = ? and h1 = ? and h2 = ?"
                    + " and ended_at is null returning anomaly_id";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, Rows.timestamp(event.endMillis()));
                statement.setInt(2, subject.tenant().value());
                statement.setLong(3, series.high());
                statement.setLong(4, series.low());
                closeInsights(connection, subject.tenant(), statement, Instant.ofEpochMilli(event.endMillis()));
            }
        });
    }

    /** Ends what is open without having been heard of for a while: its series came to an end, or nobody watches it. */
    int closeUnheard(TenantId tenant, Instant lastBefore) {
        return jdbc.call(tenant, connection -> {
            String sql = "update auspex.anomaly set ended_at = last_at where tenant_id = ? and ended_at is null"
                    + " and last_at < ? returning anomaly_id";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setObject(2, lastBefore.atOffset(ZoneOffset.UTC));
                return closeInsights(connection, tenant, statement, clock.instant());
            }
        });
    }

    private int closeInsights(Connection connection, TenantId tenant, PreparedStatement returning, Instant at)
            throws SQLException {
        int closed = 0;
        try (ResultSet ids = returning.executeQuery()) {
            while (ids.next()) {
                insights.close(connection, tenant, AnomalyFinding.source(ids.getLong(1)), at);
                closed++;
            }
        }
        return closed;
    }

    private static long upsert(Connection connection, Subject subject, EventTracker.Event event) throws SQLException {
        String sql = "insert into auspex.anomaly (tenant_id, detector_id, metric, labels, h1, h2, started_at, last_at,"
                + " peak_at, score, observed, expected, lower, upper, season, member, parts, explanation, samples)"
                + " values (?, ?, ?, ?::json, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?)"
                + " on conflict (tenant_id, h1, h2) where ended_at is null do update set last_at = excluded.last_at,"
                + " peak_at = excluded.peak_at, score = excluded.score, observed = excluded.observed,"
                + " expected = excluded.expected, lower = excluded.lower, upper = excluded.upper, season = excluded.season,"
                + " member = excluded.member, parts = excluded.parts, explanation = excluded.explanation,"
                + " samples = excluded.samples returning anomaly_id";
        Score peak = event.peak();
        SeriesIdentity series = SeriesIdentity.of(subject.labels());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, subject.tenant().value());
            if (subject.detectorId() > 0) {
                statement.setLong(2, subject.detectorId());
            } else {
                statement.setNull(2, Types.BIGINT);
            }
            statement.setString(3, subject.labels().metric());
            statement.setString(4, Rows.json(subject.labels()));
            statement.setLong(5, series.high());
            statement.setLong(6, series.low());
            statement.setObject(7, Rows.timestamp(event.startMillis()));
            statement.setObject(8, Rows.timestamp(event.endMillis()));
            statement.setObject(9, Rows.timestamp(peak.epochMillis()));
            statement.setDouble(10, peak.score());
            statement.setDouble(11, peak.observed());
            Rows.number(statement, 12, peak.expected());
            Rows.number(statement, 13, peak.lower());
            Rows.number(statement, 14, peak.upper());
            statement.setString(15, peak.season().name());
            statement.setString(16, peak.detector());
            statement.setString(17, Rows.json(peak.parts()));
            statement.setString(18, peak.explanation());
            statement.setInt(19, event.samples());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The event of a series that is still open in the table. */
    Optional<EventTracker.Event> open(TenantId tenant, SeriesIdentity series) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.anomaly where tenant_id = ? and h1 = ? and h2 = ? and ended_at is null")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, series.high());
                statement.setLong(3, series.low());
                return read(statement).stream()
                        .findFirst()
                        .map(anomaly -> new EventTracker.Event(
                                anomaly.startedAt().toEpochMilli(),
                                anomaly.lastAt().toEpochMilli(),
                                anomaly.peak(),
                                anomaly.samples()));
            }
        });
    }

    /** The latest anomalies first, one more than the page's limit when there are more. */
    public List<Anomaly> list(TenantId tenant, Filter filter, PageRequest page) {
        String sql = "select * from auspex.anomaly where tenant_id = ? and anomaly_id < ? and (? = '' or metric = ?)"
                + " and started_at < ? and coalesce(ended_at, 'infinity') >= ? and (not ? or ended_at is null)"
                + " order by anomaly_id desc limit ?";
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, page.after(Long.MAX_VALUE));
                statement.setString(3, filter.metric());
                statement.setString(4, filter.metric());
                statement.setObject(5, filter.to().atOffset(ZoneOffset.UTC));
                statement.setObject(6, filter.from().atOffset(ZoneOffset.UTC));
                statement.setBoolean(7, filter.openOnly());
                statement.setInt(8, page.limit() + 1);
                return read(statement);
            }
        });
    }

    public Optional<Anomaly> find(TenantId tenant, long id) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select * from auspex.anomaly where tenant_id = ? and anomaly_id = ?")) {
                statement.setInt(1, tenant.value());
                statement.setLong(2, id);
                return read(statement).stream().findFirst();
            }
        });
    }

    private static List<Anomaly> read(PreparedStatement statement) throws SQLException {
        List<Anomaly> anomalies = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Score peak = new Score(
                        Rows.instant(row, "peak_at").toEpochMilli(),
                        row.getDouble("observed"),
                        row.getDouble("score"),
                        Rows.number(row, "expected"),
                        Rows.number(row, "lower"),
                        Rows.number(row, "upper"),
                        Season.valueOf(row.getString("season")),
                        Rows.parts(row.getString("parts")));
                long detector = row.getLong("detector_id");
                anomalies.add(new Anomaly(
                        row.getLong("anomaly_id"),
                        detector > 0 ? Optional.of(detector) : Optional.empty(),
                        Rows.labels(row.getString("labels")),
                        Rows.instant(row, "started_at"),
                        Rows.instant(row, "last_at"),
                        Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        peak,
                        row.getString("explanation"),
                        row.getInt("samples")));
            }
        }
        return anomalies;
    }
}
