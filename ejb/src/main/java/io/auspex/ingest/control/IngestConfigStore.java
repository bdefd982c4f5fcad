package io.auspex.ingest.control;

import io.auspex.ingest.IngestConfig;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What tenants have set for their samples. A change holds at once on the node that takes it and within
 * {@link #FRESH} on the others; while PostgreSQL is away the last known settings hold.
 */
@ApplicationScoped
public class IngestConfigStore {
    static final Duration FRESH = Duration.ofSeconds(5);
    private static final String SELECT = "select active_series, series_per_metric, samples_per_second, otlp_promote,"
            + " version from auspex.ingest_config where tenant_id = ?";
    private static final String INSERT = "insert into auspex.ingest_config (tenant_id, active_series,"
            + " series_per_metric, samples_per_second, otlp_promote) values (?, ?, ?, ?, ?) on conflict do nothing";
    private static final String UPDATE = "update auspex.ingest_config set active_series = ?, series_per_metric = ?,"
            + " samples_per_second = ?, otlp_promote = ?, version = version + 1, updated_at = now()"
            + " where tenant_id = ? and version = ?";

    @Inject
    TenantJdbc jdbc;

    @Inject
    IngestSettings settings;

    private final ConcurrentHashMap<TenantId, Known> known = new ConcurrentHashMap<>();
    private final ReentrantLock loading = new ReentrantLock();

    private record Known(IngestConfig config, long nanos) {
        boolean isFresh() {
            return System.nanoTime() - nanos < FRESH.toNanos();
        }
    }

    /** The settings that hold now; one request in a while looks whether they have changed, the others do not wait. */
    public IngestConfig effective(TenantId tenant) {
        Known last = known.get(tenant);
        if (last != null && (last.isFresh() || !loading.tryLock())) {
            return last.config();
        }
        if (last == null) {
            loading.lock();
        }
        try {
            return settings.effective(load(tenant));
        } catch (AuspexException e) {
            IngestConfig kept = last == null ? settings.effective(IngestConfig.NONE) : last.config();
            known.put(tenant, new Known(kept, System.nanoTime()));
            return kept;
        } finally {
            loading.unlock();
        }
    }

    private IngestConfig load(TenantId tenant) {
        IngestConfig stored = find(tenant);
        known.put(tenant, new Known(settings.effective(stored), System.nanoTime()));
        return stored;
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
        String[] promote = (String[]) row.getArray(4).getArray();
        return new IngestConfig(row.getInt(1), row.getInt(2), row.getInt(3), Set.of(promote), row.getInt(5));
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
                change.setArray(
                        at++,
                        connection.createArrayOf(
                                "text", config.otlpPromote().stream().sorted().toArray()));
                if (!first) {
                    change.setInt(at++, tenant.value());
                    change.setInt(at, config.version());
                }
                return change.executeUpdate() == 1;
            }
        });
        return saved ? Optional.of(load(tenant)) : Optional.empty();
    }
}
