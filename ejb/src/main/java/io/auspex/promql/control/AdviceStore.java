package io.auspex.promql.control;

import io.auspex.promql.QueryHint;
import io.auspex.series.ErasedSeries;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table {@code query_advice}: hints that were given about queries, and what dry runs showed of them. */
@ApplicationScoped
public class AdviceStore {
    /** How long a hint is kept that is not given any more. */
    public static final Duration KEPT = Duration.ofDays(30);

    private static final String UPSERT =
            "insert into auspex.query_advice as a (tenant_id, fingerprint, kind, hint, number,"
                    + " query, advice, gain, check_query, first_at, last_at, checked_at, actual_samples, actual_series,"
                    + " actual_seconds, check_samples, check_series, check_seconds)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (tenant_id, fingerprint, kind, hint, number) do update set advice = excluded.advice,"
                    + " gain = excluded.gain, check_query = excluded.check_query, last_at = excluded.last_at, times = a.times + 1,"
                    + " checked_at = coalesce(excluded.checked_at, a.checked_at),"
                    + " actual_samples = coalesce(excluded.actual_samples, a.actual_samples),"
                    + " actual_series = coalesce(excluded.actual_series, a.actual_series),"
                    + " actual_seconds = coalesce(excluded.actual_seconds, a.actual_seconds),"
                    + " check_samples = coalesce(excluded.check_samples, a.check_samples),"
                    + " check_series = coalesce(excluded.check_series, a.check_series),"
                    + " check_seconds = coalesce(excluded.check_seconds, a.check_seconds)";

    @Inject
    TenantJdbc jdbc;

    @Inject
    Clock clock;

    /** What a run cost. */
    public record Cost(long samples, int resultSeries, double seconds) {}

    /** What a dry run showed: the query itself and the hint's check. */
    public record Check(Cost actual, Cost remaining) {}

    /** A hint and what a dry run showed of it, if there was one. */
    public record Given(QueryHint hint, Optional<Check> check) {}

    /** A hint as it is remembered. */
    public record Remembered(
            String query,
            boolean range,
            QueryHint hint,
            Instant firstAt,
            Instant lastAt,
            int times,
            Optional<Instant> checkedAt,
            Optional<Check> check) {}

    /** Remembers the hints of a query. */
    public void add(TenantId tenant, String canonical, boolean range, List<Given> hints) {
        Timestamp now = Timestamp.from(clock.instant());
        String query = NamedValues.kept(canonical);
        jdbc.run(tenant, connection -> {
            Map<String, Integer> numbers = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
                for (Given given : hints) {
                    QueryHint hint = given.hint();
                    statement.setInt(1, tenant.value());
                    statement.setLong(2, QueryLog.fingerprint(canonical));
                    statement.setString(3, QueryKind.of(range).label());
                    statement.setString(4, hint.kind());
                    statement.setInt(5, numbers.merge(hint.kind(), 1, Integer::sum));
                    statement.setString(6, query);
                    statement.setString(7, NamedValues.kept(hint.text()));
                    statement.setDouble(8, Math.max(0, Math.min(1, hint.gain())));
                    statement.setString(9, NamedValues.kept(hint.check()));
                    statement.setTimestamp(10, now);
                    statement.setTimestamp(11, now);
                    check(statement, given.check(), now);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            expire(connection, tenant);
        });
    }

    private static void check(PreparedStatement statement, Optional<Check> check, Timestamp now) throws SQLException {
        if (check.isEmpty()) {
            statement.setNull(12, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setNull(13, Types.BIGINT);
            statement.setNull(14, Types.INTEGER);
            statement.setNull(15, Types.DOUBLE);
            statement.setNull(16, Types.BIGINT);
            statement.setNull(17, Types.INTEGER);
            statement.setNull(18, Types.DOUBLE);
            return;
        }
        Cost actual = check.get().actual();
        Cost remaining = check.get().remaining();
        statement.setTimestamp(12, now);
        statement.setLong(13, actual.samples());
        statement.setInt(14, actual.resultSeries());
        statement.setDouble(15, actual.seconds());
        statement.setLong(16, remaining.samples());
        statement.setInt(17, remaining.resultSeries());
        statement.setDouble(18, remaining.seconds());
    }

    private void expire(Connection connection, TenantId tenant) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from auspex.query_advice where tenant_id = ? and last_at < ?")) {
            statement.setInt(1, tenant.value());
            statement.setTimestamp(2, Timestamp.from(clock.instant().minus(KEPT)));
            statement.executeUpdate();
        }
    }

    /** What was given last comes first. */
    public List<Remembered> list(TenantId tenant, int limit) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select query, kind, hint, advice, gain,"
                    + " check_query, first_at, last_at, times, checked_at, actual_samples, actual_series,"
                    + " actual_seconds, check_samples, check_series, check_seconds from auspex.query_advice"
                    + " where tenant_id = ? order by last_at desc, fingerprint, hint, number limit ?")) {
                statement.setInt(1, tenant.value());
                statement.setInt(2, limit);
                List<Remembered> found = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.add(read(row));
                    }
                }
                return found;
            }
        });
    }

    private static Remembered read(ResultSet row) throws SQLException {
        Optional<Instant> checkedAt = Optional.ofNullable(row.getTimestamp(10)).map(Timestamp::toInstant);
        Optional<Check> check = checkedAt.isEmpty()
                ? Optional.empty()
                : Optional.of(new Check(
                        new Cost(row.getLong(11), row.getInt(12), row.getDouble(13)),
                        new Cost(row.getLong(14), row.getInt(15), row.getDouble(16))));
        return new Remembered(
                row.getString(1),
                QueryKind.RANGE.label().equals(row.getString(2)),
                new QueryHint(row.getString(3), row.getString(4), row.getDouble(5), row.getString(6)),
                row.getTimestamp(7).toInstant(),
                row.getTimestamp(8).toInstant(),
                row.getInt(9),
                checkedAt,
                check);
    }

    /** Forgets advice on expressions that name label values which are erased. */
    void erase(@Observes ErasedSeries erased) {
        if (erased.values().isEmpty()) {
            return;
        }
        jdbc.run(erased.tenant(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    NamedValues.deletion("auspex.query_advice", "query", "advice", "check_query"))) {
                NamedValues.erase(statement, erased);
            }
        });
    }
}
