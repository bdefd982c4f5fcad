package io.auspex.ingest.control;

import io.auspex.ingest.IngestConfig;
import io.auspex.ingest.RelabelRules;
import io.auspex.ingest.SeriesRewrites;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What tenants have set for their samples. A change holds at once on the node that takes it and within
 * {@link #FRESH} on the others; while PostgreSQL is away the last known settings hold.
 */
@ApplicationScoped
public class IngestConfigStore {
    static final Duration FRESH = Duration.ofSeconds(5);
    private static final String SELECT = "select active_series, series_per_metric, samples_per_second, otlp_promote,"
            + " influx_promote, relabel, scrape, version from auspex.ingest_config where tenant_id = ?";
    private static final String INSERT = "insert into auspex.ingest_config (tenant_id, active_series,"
            + " series_per_metric, samples_per_second, otlp_promote, influx_promote, relabel, scrape)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing";
    private static final String UPDATE = "update auspex.ingest_config set active_series = ?, series_per_metric = ?,"
            + " samples_per_second = ?, otlp_promote = ?, influx_promote = ?, relabel = ?, scrape = ?, version = version + 1, updated_at = now()"
            + " where tenant_id = ? and version = ?";

    @Inject
    TenantJdbc jdbc;

    @Inject
    IngestSettings settings;

    private final ConcurrentHashMap<TenantId, Known> known = new ConcurrentHashMap<>();
    private final ReentrantLock loading = new ReentrantLock();

    private record Known(
            IngestConfig config,
            RelabelRules rules,
            @Nullable SeriesRewrites rewrites,
            long nanos) {
        boolean isFresh() {
            return System.nanoTime() - nanos < FRESH.toNanos();
        }
    }

    /** The settings that hold now; one request in a while looks whether they have changed, the others do not wait. */
    public IngestConfig effective(TenantId tenant) {
        return known(tenant).config();
    }

    /** What the tenant changes in labels; null when nothing. Remembers series as long as the rules stay as they are. */
    public @Nullable SeriesRewrites rewrites(TenantId tenant) {
        return known(tenant).rewrites();
    }

    /** The tenant's rules for labels, as they are written. */
    RelabelRules rules(TenantId tenant) {
        return known(tenant).rules();
    }

    private Known known(TenantId tenant) {
        Known last = known.get(tenant);
        if (last != null && (last.isFresh() || !loading.tryLock())) {
            return last;
        }
        if (last == null) {
            loading.lock();
        }
        try {
            return remember(tenant, find(tenant));
        } catch (AuspexException e) {
            if (last == null) {
                // what a rule would drop must not be stored because nobody could read the rule
                throw e;
            }
            Known kept = new Known(last.config(), last.rules(), last.rewrites(), System.nanoTime());
            known.put(tenant, kept);
            return kept;
        } finally {
            loading.unlock();
        }
    }

    private Known remember(TenantId tenant, IngestConfig stored) {
        Known last = known.get(tenant);
        if (last != null && last.config().relabel().equals(stored.relabel())) {
            return keep(
                    tenant, new Known(settings.effective(stored), last.rules(), last.rewrites(), System.nanoTime()));
        }
        RelabelRules rules = RelabelConfigs.parse(stored.relabel());
        return keep(tenant, new Known(settings.effective(stored), rules, rewrites(rules), System.nanoTime()));
    }

    private Known keep(TenantId tenant, Known now) {
        known.put(tenant, now);
        return now;
    }

    private @Nullable SeriesRewrites rewrites(RelabelRules rules) {
        return rules.isEmpty() ? null : new SeriesRewrites(rules::apply, settings.relabelSeries());
    }

    /** The settings as they are stored. */
    public IngestConfig find(TenantId tenant) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setInt(1, tenant.value());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? read(row) : IngestConfig.NONE;
                }
            }
        });
    }

    private static IngestConfig read(ResultSet row) throws SQLException {
        return new IngestConfig(
                row.getInt(1),
                row.getInt(2),
                row.getInt(3),
                words(row, 4),
                words(row, 5),
                row.getString(6),
                row.getString(7),
                row.getInt(8));
    }

    private static Set<String> words(ResultSet row, int column) throws SQLException {
        return Set.of((String[]) row.getArray(column).getArray());
    }

    /** Replaces the settings of the version that is given; empty when somebody else has changed them since. */
    public Optional<IngestConfig> save(TenantId tenant, IngestConfig config) {
        boolean saved = jdbc.call(tenant, connection -> {
            boolean first = config.version() == 0;
            try (PreparedStatement change = connection.prepareStatement(first ? INSERT : UPDATE)) {
                int at = 1;
                if (first) {
                    change.setInt(at++, tenant.value());
                }
                change.setInt(at++, config.activeSeries());
                change.setInt(at++, config.seriesPerMetric());
                change.setInt(at++, config.samplesPerSecond());
                change.setArray(at++, array(connection, config.otlpPromote()));
                change.setArray(at++, array(connection, config.influxPromote()));
                change.setString(at++, config.relabel());
                change.setString(at++, config.scrape());
                if (!first) {
                    change.setInt(at++, tenant.value());
                    change.setInt(at, config.version());
                }
                return change.executeUpdate() == 1;
            }
        });
        if (!saved) {
            return Optional.empty();
        }
        IngestConfig stored = find(tenant);
        remember(tenant, stored);
        return Optional.of(stored);
    }

    private static Array array(Connection connection, Set<String> words) throws SQLException {
        return connection.createArrayOf("text", words.stream().sorted().toArray());
    }
}
