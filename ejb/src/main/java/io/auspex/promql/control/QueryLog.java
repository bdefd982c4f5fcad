package io.auspex.promql.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.MeterFamily;
import io.auspex.platform.Meters;
import io.auspex.series.ErasedSeries;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.StoredText;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code query_log}: what queries cost, summed up in memory and written every {@value #FLUSH_SECONDS}
 * seconds, so that no query waits for it. What cannot be written is dropped and counted.
 */
@ApplicationScoped
public class QueryLog {
    /** How long an hour's sums are kept. */
    public static final Duration KEPT = Duration.ofDays(30);

    private static final System.Logger LOG = System.getLogger(QueryLog.class.getName());
    private static final int FLUSH_SECONDS = 15;
    /** Expressions of one tenant between two writes. */
    private static final int MAX_EXPRESSIONS = 500;

    private static final String UPSERT =
            "insert into auspex.query_log as q (tenant_id, hour, fingerprint, kind, query, executions, failures,"
                    + " cancelled, seconds, max_seconds, samples, max_series, cost)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (tenant_id, hour, fingerprint, kind) do update set"
                    + " executions = q.executions + excluded.executions, failures = q.failures + excluded.failures,"
                    + " cancelled = q.cancelled + excluded.cancelled,"
                    + " seconds = q.seconds + excluded.seconds,"
                    + " max_seconds = greatest(q.max_seconds, excluded.max_seconds),"
                    + " samples = q.samples + excluded.samples,"
                    + " max_series = greatest(q.max_series, excluded.max_series), cost = q.cost + excluded.cost";

    @Inject
    TenantJdbc jdbc;

    @Inject
    Clock clock;

    @Inject
    Meters meters;

    @Resource
    @Nullable
    ManagedScheduledExecutorService executor;

    private final Map<TenantId, Map<Key, Sums>> waiting = new HashMap<>();
    private @Nullable Future<?> task;
    private Instant expired = Instant.EPOCH;

    private record Key(Instant hour, long fingerprint, boolean range) {}

    /**
     * One execution: how it went and what it cost; all zero but the time unless it succeeded.
     *
     * @param cost as {@link io.auspex.promql.QueryCost#weight} weighs it
     */
    public record Execution(
            String query, boolean range, double seconds, long samples, int series, double cost, End end) {}

    /** How an execution ended. */
    public enum End {
        SUCCEEDED,
        FAILED,
        /** Its client went away, or the node stopped. */
        CANCELLED
    }

    /** An expression's executions over some time. */
    public record Summary(
            String query,
            boolean range,
            long executions,
            long failures,
            long cancelled,
            double seconds,
            long samples,
            int maxSeries) {}

    private static final class Sums {
        final String query;
        long executions;
        long failures;
        long cancelled;
        double seconds;
        double maxSeconds;
        long samples;
        int maxSeries;
        double cost;

        Sums(String query) {
            this.query = query;
        }
    }

    @PostConstruct
    void start() {
        ManagedScheduledExecutorService threads = executor;
        if (threads != null) {
            task = threads.scheduleWithFixedDelay(this::flush, FLUSH_SECONDS, FLUSH_SECONDS, TimeUnit.SECONDS);
        }
    }

    @PreDestroy
    void stop() {
        Future<?> running = task;
        if (running != null) {
            running.cancel(false);
        }
        flush();
    }

    /** The hash by which executions of an expression, as it is stored, are summed up. */
    public static long fingerprint(String canonical) {
        String stored = StoredText.of(canonical);
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < stored.length(); i++) {
            hash = (hash ^ stored.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** Notes an execution; costs the query nothing but memory. */
    public void add(TenantId tenant, Execution execution) {
        String text = execution.query();
        Key key = new Key(clock.instant().truncatedTo(ChronoUnit.HOURS), fingerprint(text), execution.range());
        synchronized (waiting) {
            Map<Key, Sums> own = waiting.computeIfAbsent(tenant, absent -> new HashMap<>());
            Sums sums = own.get(key);
            if (sums == null) {
                if (own.size() >= MAX_EXPRESSIONS) {
                    drop("limit", 1);
                    return;
                }
                sums = new Sums(NamedValues.kept(text));
                own.put(key, sums);
            }
            sums.executions++;
            sums.failures += execution.end() == End.FAILED ? 1 : 0;
            sums.cancelled += execution.end() == End.CANCELLED ? 1 : 0;
            sums.seconds += execution.seconds();
            sums.maxSeconds = Math.max(sums.maxSeconds, execution.seconds());
            sums.samples += execution.samples();
            sums.maxSeries = Math.max(sums.maxSeries, execution.series());
            sums.cost += execution.cost();
        }
    }

    /** Writes what waits. */
    public void flush() {
        Map<TenantId, Map<Key, Sums>> taken;
        synchronized (waiting) {
            taken = new HashMap<>(waiting);
            waiting.clear();
        }
        boolean expire = Duration.between(expired, clock.instant()).toHours() >= 1;
        taken.forEach((tenant, sums) -> write(tenant, sums, expire));
        if (expire && !taken.isEmpty()) {
            expired = clock.instant();
        }
    }

    private void flush(TenantId tenant) {
        Map<Key, Sums> sums;
        synchronized (waiting) {
            sums = waiting.remove(tenant);
        }
        if (sums != null) {
            write(tenant, sums, false);
        }
    }

    private void write(TenantId tenant, Map<Key, Sums> sums, boolean expire) {
        try {
            jdbc.run(tenant, connection -> write(connection, tenant, sums, expire));
        } catch (AuspexException e) {
            drop("unavailable", sums.size());
            LOG.log(System.Logger.Level.WARNING, "query log was not written", e);
        }
    }

    private void write(Connection connection, TenantId tenant, Map<Key, Sums> all, boolean expire) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
            for (Map.Entry<Key, Sums> one : all.entrySet()) {
                Sums sums = one.getValue();
                statement.setInt(1, tenant.value());
                statement.setTimestamp(2, Timestamp.from(one.getKey().hour()));
                statement.setLong(3, one.getKey().fingerprint());
                statement.setString(4, QueryKind.of(one.getKey().range()).label());
                statement.setString(5, sums.query);
                statement.setLong(6, sums.executions);
                statement.setLong(7, sums.failures);
                statement.setLong(8, sums.cancelled);
                statement.setDouble(9, sums.seconds);
                statement.setDouble(10, sums.maxSeconds);
                statement.setLong(11, sums.samples);
                statement.setInt(12, sums.maxSeries);
                statement.setDouble(13, sums.cost);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        if (expire) {
            try (PreparedStatement statement =
                    connection.prepareStatement("delete from auspex.query_log where tenant_id = ? and hour < ?")) {
                statement.setInt(1, tenant.value());
                statement.setTimestamp(2, Timestamp.from(clock.instant().minus(KEPT)));
                statement.executeUpdate();
            }
        }
    }

    /** Forgets expressions that name label values which are erased. */
    void erase(@Observes ErasedSeries erased) {
        if (erased.values().isEmpty()) {
            return;
        }
        flush(erased.tenant());
        jdbc.run(erased.tenant(), connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(NamedValues.deletion("auspex.query_log", "query"))) {
                NamedValues.erase(statement, erased);
            }
        });
    }

    private void drop(String reason, int count) {
        MeterFamily dropped = meters.counter(
                "auspex_query_log_dropped_total", "Expressions whose cost was not logged, by reason.", "reason");
        dropped.with(reason).add(count);
    }

    /** The expressions of a tenant that touched most samples since a time, the latest executions included. */
    public List<Summary> dearest(TenantId tenant, Instant since, int limit) {
        flush(tenant);
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    SUMMARY + " group by fingerprint, kind" + " order by sum(samples) desc, min(query) limit ?")) {
                statement.setInt(1, tenant.value());
                statement.setTimestamp(2, Timestamp.from(since));
                statement.setInt(3, limit);
                return read(statement);
            }
        });
    }

    /** What one expression of a tenant has cost since a time. */
    public Optional<Summary> find(TenantId tenant, String canonical, boolean range, Instant since) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    SUMMARY + " and fingerprint = ? and kind = ? group by fingerprint, kind")) {
                statement.setInt(1, tenant.value());
                statement.setTimestamp(2, Timestamp.from(since));
                statement.setLong(3, fingerprint(canonical));
                statement.setString(4, QueryKind.of(range).label());
                return read(statement).stream().findFirst();
            }
        });
    }

    private static final String SUMMARY =
            "select min(query), kind, sum(executions), sum(failures), sum(cancelled), sum(seconds), sum(samples),"
                    + " max(max_series) from auspex.query_log where tenant_id = ? and hour >= ?";

    private static List<Summary> read(PreparedStatement statement) throws SQLException {
        List<Summary> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Summary(
                        row.getString(1),
                        QueryKind.RANGE.label().equals(row.getString(2)),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getDouble(6),
                        row.getLong(7),
                        row.getInt(8)));
            }
        }
        return found;
    }
}
