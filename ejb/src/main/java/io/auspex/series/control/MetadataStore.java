package io.auspex.series.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.MeterFamily;
import io.auspex.platform.Meters;
import io.auspex.series.MetricMetadata;
import io.auspex.series.MetricMetadataStore;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.StoredText;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The table {@code metric_metadata}.
 *
 * <p>Senders repeat all of it each minute, so memory has a hash of what is stored and PostgreSQL is asked only when
 * something is said for the first time or otherwise than before.
 */
@ApplicationScoped
public class MetadataStore implements MetricMetadataStore {
    private static final System.Logger LOG = System.getLogger(MetadataStore.class.getName());
    private static final int MAX_NAME = 1_024;
    private static final int MAX_TEXT = 4_096;
    private static final int BATCH = 1_000;
    /** How long a failed write keeps a tenant from the next one. */
    private static final long PAUSE_MILLIS = 10_000;

    @Inject
    TenantJdbc jdbc;

    @Inject
    Clock clock;

    @Inject
    Meters meters;

    @Inject
    @ConfigProperty(name = "auspex.ingest.metric-metadata", defaultValue = "50000")
    int limit;

    private final Map<TenantId, Known> tenants = new ConcurrentHashMap<>();
    private volatile Function<TenantId, Set<String>> hidden = tenant -> Set.of();
    private MeterFamily dropped = drops(new Meters());

    /** Hashes of what is stored, by metric. Guarded by its own monitor. */
    private static final class Known {
        final Map<String, Integer> hashes = new HashMap<>();
        boolean loaded;
        long pausedUntil;
    }

    @PostConstruct
    void register() {
        dropped = drops(meters);
    }

    private static MeterFamily drops(Meters meters) {
        return meters.counter(
                "auspex_ingest_metadata_dropped_total", "Metric metadata that was not stored, by reason.", "reason");
    }

    @Override
    public void learn(TenantId tenant, List<MetricMetadata> said) {
        if (said.isEmpty()) {
            return;
        }
        Known known = tenants.computeIfAbsent(tenant, absent -> new Known());
        synchronized (known) {
            if (clock.millis() < known.pausedUntil) {
                dropped.with("unavailable").add(said.size());
                return;
            }
            try {
                learn(tenant, known, said);
            } catch (AuspexException e) {
                known.pausedUntil = clock.millis() + PAUSE_MILLIS;
                dropped.with("unavailable").add(said.size());
                LOG.log(System.Logger.Level.WARNING, "metric metadata was not stored", e);
            }
        }
    }

    private void learn(TenantId tenant, Known known, List<MetricMetadata> said) {
        if (!known.loaded) {
            find(tenant, "", -1, Set.of()).forEach(about -> known.hashes.put(about.metric(), about.hashCode()));
            known.loaded = true;
        }
        Map<String, MetricMetadata> changed = new LinkedHashMap<>();
        int room = limit - known.hashes.size();
        for (MetricMetadata one : said) {
            MetricMetadata about = storable(one);
            Integer hash = known.hashes.get(about.metric());
            if (about.metric().isEmpty() || (hash != null && hash == about.hashCode())) {
                continue;
            }
            if (hash == null && !changed.containsKey(about.metric()) && room-- <= 0) {
                dropped.with("limit").add(1);
            } else {
                changed.put(about.metric(), about);
            }
        }
        List<MetricMetadata> all = List.copyOf(changed.values());
        for (int from = 0; from < all.size(); from += BATCH) {
            List<MetricMetadata> batch = all.subList(from, Math.min(from + BATCH, all.size()));
            write(tenant, batch);
            batch.forEach(about -> known.hashes.put(about.metric(), about.hashCode()));
        }
    }

    /** As the table can hold it: bounded, and without NUL, which PostgreSQL's text does not know. */
    private static MetricMetadata storable(MetricMetadata said) {
        return new MetricMetadata(
                said.metric().length() > MAX_NAME ? "" : StoredText.of(said.metric(), MAX_NAME),
                StoredText.of(said.type(), MAX_NAME),
                StoredText.of(said.help(), MAX_TEXT),
                StoredText.of(said.unit(), MAX_NAME));
    }

    private void write(TenantId tenant, List<MetricMetadata> batch) {
        jdbc.run(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "insert into auspex.metric_metadata (tenant_id, metric, type, help, unit)"
                            + " select ?, u.metric, u.type, u.help, u.unit"
                            + " from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as u (metric, type, help, unit)"
                            + " on conflict (tenant_id, metric) do update set"
                            + " type = excluded.type, help = excluded.help, unit = excluded.unit, updated_at = now()")) {
                statement.setInt(1, tenant.value());
                statement.setArray(
                        2,
                        connection.createArrayOf(
                                "text",
                                batch.stream().map(MetricMetadata::metric).toArray()));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "text", batch.stream().map(MetricMetadata::type).toArray()));
                statement.setArray(
                        4,
                        connection.createArrayOf(
                                "text", batch.stream().map(MetricMetadata::help).toArray()));
                statement.setArray(
                        5,
                        connection.createArrayOf(
                                "text", batch.stream().map(MetricMetadata::unit).toArray()));
                statement.executeUpdate();
            }
        });
    }

    @Override
    public List<MetricMetadata> find(TenantId tenant, String metric, int limit) {
        return find(tenant, metric, limit, hidden.apply(tenant));
    }

    /** Forgets what is said of metrics, within a transaction that is bound to their tenant. */
    static void erase(Connection connection, Collection<String> metrics) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("delete from auspex.metric_metadata where metric = any (?)")) {
            statement.setArray(1, connection.createArrayOf("text", metrics.toArray()));
            statement.executeUpdate();
        }
    }

    /** Says which metrics of a tenant nobody is told of, since all their series are deleted. */
    void hide(Function<TenantId, Set<String>> metrics) {
        hidden = metrics;
    }

    /** Lets go of what memory knows of metrics that were erased. */
    void forget(TenantId tenant, Collection<String> metrics) {
        Known known = tenants.get(tenant);
        if (known != null) {
            synchronized (known) {
                known.hashes.keySet().removeAll(metrics);
            }
        }
    }

    private List<MetricMetadata> find(TenantId tenant, String metric, int limit, Set<String> without) {
        return jdbc.call(tenant, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select metric, type, help, unit from auspex.metric_metadata where tenant_id = ?"
                            + " and (? = '' or metric = ?) and not metric = any (?) order by metric collate \"C\" limit ?")) {
                statement.setInt(1, tenant.value());
                String wanted = StoredText.of(metric);
                statement.setString(2, wanted);
                statement.setString(3, wanted);
                statement.setArray(4, connection.createArrayOf("text", without.toArray()));
                statement.setLong(5, limit < 0 ? Long.MAX_VALUE : limit);
                List<MetricMetadata> found = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.add(new MetricMetadata(
                                row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
                    }
                }
                return found;
            }
        });
    }
}
