package io.auspex.ingest.control;

import io.auspex.ingest.PastGrowth;
import io.auspex.ingest.SeriesGrowth;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.StoredText;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What brought new series in the past: of each ten minutes with new series the metrics with the most, and the label to
 * blame. Written at most once a minute and tenant, kept for {@link #DAYS} days.
 */
@ApplicationScoped
public class CardinalityHistory {
    private static final System.Logger LOG = System.getLogger(CardinalityHistory.class.getName());
    private static final int DAYS = 30;
    private static final int MOST_METRICS = 10;
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final String KEEP =
            "insert into auspex.cardinality_stat (tenant_id, since, metric, created, refused,"
                    + " label, label_values, example) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (tenant_id, since, metric)"
                    + " do update set created = excluded.created, refused = excluded.refused, label = excluded.label,"
                    + " label_values = excluded.label_values, example = excluded.example";
    private static final String SELECT = "select since, metric, created, refused, label, label_values, example"
            + " from auspex.cardinality_stat where since >= ? order by since desc, created + refused desc, metric limit ?";

    @Inject
    CardinalityWatch watch;

    @Inject
    TenantJdbc jdbc;

    @Inject
    Clock clock;

    private final ConcurrentHashMap<TenantId, Instant> kept = new ConcurrentHashMap<>();

    /** Writes down what a tenant's new series are, when that was not done within the last minute. */
    void keep(TenantId tenant) {
        Instant now = clock.instant();
        boolean[] due = new boolean[1];
        kept.compute(tenant, (key, last) -> {
            due[0] = last == null || !last.plus(EVERY).isAfter(now);
            return due[0] ? now : last;
        });
        if (!due[0]) {
            return;
        }
        SeriesGrowth growth = watch.growth(tenant, MOST_METRICS);
        try {
            jdbc.run(tenant, connection -> write(connection, tenant, growth, now));
        } catch (AuspexException e) {
            LOG.log(System.Logger.Level.DEBUG, "new series are noted later", e);
        }
    }

    private static void write(Connection connection, TenantId tenant, SeriesGrowth growth, Instant now)
            throws SQLException {
        try (PreparedStatement keep = connection.prepareStatement(KEEP)) {
            for (SeriesGrowth.Metric metric : growth.metrics()) {
                boolean labelled = !metric.labels().isEmpty();
                keep.setInt(1, tenant.value());
                keep.setTimestamp(2, Timestamp.from(growth.since()));
                keep.setString(3, StoredText.of(metric.metric()));
                keep.setLong(4, metric.created());
                keep.setLong(5, metric.refused());
                keep.setString(
                        6, labelled ? StoredText.of(metric.labels().get(0).label()) : "");
                keep.setLong(7, labelled ? metric.labels().get(0).values() : 0);
                keep.setString(
                        8, labelled ? StoredText.of(metric.labels().get(0).example()) : "");
                keep.addBatch();
            }
            keep.executeBatch();
        }
        try (PreparedStatement delete =
                connection.prepareStatement("delete from auspex.cardinality_stat where since < ?")) {
            delete.setTimestamp(1, Timestamp.from(now.minus(Duration.ofDays(DAYS))));
            delete.executeUpdate();
        }
    }

    /** The last of a tenant's rows since a time, the latest first and the largest of those. */
    public List<PastGrowth> list(TenantId tenant, Instant since, int limit) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setTimestamp(1, Timestamp.from(since));
                select.setInt(2, limit);
                try (ResultSet row = select.executeQuery()) {
                    List<PastGrowth> found = new ArrayList<>();
                    while (row.next()) {
                        found.add(new PastGrowth(
                                row.getTimestamp(1).toInstant(),
                                row.getString(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getString(5),
                                row.getLong(6),
                                row.getString(7)));
                    }
                    return found;
                }
            }
        });
    }
}
