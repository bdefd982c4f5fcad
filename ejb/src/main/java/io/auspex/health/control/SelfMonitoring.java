package io.auspex.health.control;

import io.auspex.ingest.boundary.LocalIngest;
import io.auspex.platform.AuspexException;
import io.auspex.platform.MeterType;
import io.auspex.platform.Meters;
import io.auspex.series.Labels;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.annotation.security.PermitAll;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Auspex as its own first customer: the host's, the virtual machine's and its own metrics, written every few seconds
 * through the same path as everybody's, to a tenant of choice.
 *
 * <p>Series carry {@code job="auspex"}, those of the host {@code job="node"}, and the node's or the host's name as
 * {@code instance}, so that nodes do not mix.
 */
@Startup
@Singleton
@DependsOn({"Migrator", "StorageStartup", "Bootstrap"})
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@PermitAll
public class SelfMonitoring {
    private static final System.Logger LOG = System.getLogger(SelfMonitoring.class.getName());
    private static final Path PROC = Path.of("/proc");

    @Resource
    TimerService timers;

    @Inject
    Meters meters;

    @Inject
    Clock clock;

    @Inject
    LocalIngest ingest;

    @Inject
    TenantJdbc jdbc;

    @Inject
    @ConfigProperty(name = "auspex.self.enabled", defaultValue = "true")
    boolean enabled;

    @Inject
    @ConfigProperty(name = "auspex.self.interval", defaultValue = "PT10S")
    Duration interval;

    @Inject
    @ConfigProperty(name = "auspex.self.tenant", defaultValue = "default")
    String tenantSlug;

    @Inject
    @ConfigProperty(name = "auspex.node", defaultValue = "single")
    String node;

    private final Meters host = new Meters();
    private final AtomicBoolean running = new AtomicBoolean();
    private String instance = "localhost";
    private Optional<TenantId> tenant = Optional.empty();

    @PostConstruct
    void begin() {
        host.collect(new HostMetrics(PROC));
        meters.collect(new JvmMetrics(PROC));
        if (!enabled) {
            return;
        }
        // two nodes on one host must not write the same series
        instance = node.equals("single") ? hostName() : node;
        timers.createIntervalTimer(interval.toMillis(), interval.toMillis(), new TimerConfig("self-monitoring", false));
    }

    /** Collects once; a collection that still runs is not overtaken. */
    @Timeout
    void collect() {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            Optional<TenantId> target = target();
            if (target.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "self-monitoring has no such tenant slug={0}", tenantSlug);
                return;
            }
            Batch batch = new Batch();
            batch.read(meters, "auspex");
            batch.read(host, "node");
            ingest.append(target.get(), batch.series, clock.millis(), batch.values());
        } catch (AuspexException e) {
            // nothing is lost that the next round would not bring; the database's own probe says what is wrong
            LOG.log(System.Logger.Level.DEBUG, "self-monitoring could not store its samples: {0}", e.detail());
        } finally {
            running.set(false);
        }
    }

    private Optional<TenantId> target() {
        if (tenant.isEmpty()) {
            tenant = jdbc.callUnbound(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(
                        "select tenant_id from auspex.tenant_list() where slug = ? and status = 'ACTIVE'")) {
                    statement.setString(1, tenantSlug);
                    try (ResultSet row = statement.executeQuery()) {
                        return row.next() ? Optional.of(new TenantId(row.getInt(1))) : Optional.empty();
                    }
                }
            });
        }
        return tenant;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** One reading of all meters, as series and values. */
    private final class Batch implements Meters.Sink {
        private final List<Labels> series = new ArrayList<>();
        private final List<Double> read = new ArrayList<>();
        private String family = "";
        private String job = "";

        private void read(Meters source, String asJob) {
            job = asJob;
            source.expose(this);
        }

        @Override
        public void family(String name, MeterType type, String help) {
            family = name;
        }

        @Override
        public void sample(String suffix, String[] labels, double value) {
            String[] pairs = new String[labels.length + 6];
            System.arraycopy(labels, 0, pairs, 6, labels.length);
            pairs[0] = Labels.METRIC_NAME;
            pairs[1] = family + suffix;
            pairs[2] = "instance";
            pairs[3] = instance;
            pairs[4] = "job";
            pairs[5] = job;
            series.add(Labels.of(pairs));
            read.add(value);
        }

        private double[] values() {
            return read.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }
}
