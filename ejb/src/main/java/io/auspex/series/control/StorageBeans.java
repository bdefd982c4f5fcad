package io.auspex.series.control;

import io.auspex.platform.HealthProbe;
import io.auspex.platform.MeterType;
import io.auspex.platform.Meters;
import io.auspex.series.ExemplarStore;
import io.auspex.series.FollowedSamples;
import io.auspex.series.FreshSampleHub;
import io.auspex.series.FreshSamples;
import io.auspex.series.NodeRole;
import io.auspex.series.SampleAppender;
import io.auspex.series.SampleStore;
import io.auspex.tenancy.control.DataSources;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The one storage engine of a node, for injection by the interfaces of {@code io.auspex.series}. */
@ApplicationScoped
public class StorageBeans implements HealthProbe {
    private static final System.Logger LOG = System.getLogger(StorageBeans.class.getName());
    private static final double HEAD_SHARE_OF_HEAP = 0.4;
    private static final double SERIES_SHARE_OF_HEAP = 0.45;
    private static final double PACKS_SHARE_OF_HEAP = 0.06;

    @Resource(lookup = DataSources.DIRECT)
    DataSource dataSource;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    TenantJdbc jdbc;

    @Inject
    RetentionPolicies policies;

    @Inject
    Clock clock;

    @Inject
    Meters meters;

    @Inject
    Event<FollowedSamples> followed;

    @Inject
    @ConfigProperty(name = "auspex.ingest.active-series", defaultValue = "500000")
    int activeSeries;

    @Inject
    @ConfigProperty(name = "auspex.ingest.queue-bytes", defaultValue = "33554432")
    long queueBytes;

    @Inject
    @ConfigProperty(name = "auspex.ingest.queue-age", defaultValue = "PT5S")
    Duration queueAge;

    @Inject
    @ConfigProperty(name = "auspex.data", defaultValue = "data")
    String data;

    @Inject
    @ConfigProperty(name = "auspex.ingest.spool-bytes", defaultValue = "536870912")
    long spoolBytes;

    @Inject
    @ConfigProperty(name = "auspex.ingest.spool-age", defaultValue = "PT1H")
    Duration spoolAge;

    @Inject
    @ConfigProperty(name = "auspex.ingest.spool-series", defaultValue = "50000")
    int spoolSeries;

    @Inject
    @ConfigProperty(name = "auspex.storage.flush-interval", defaultValue = "PT2H")
    Duration flushInterval;

    @Inject
    @ConfigProperty(name = "auspex.storage.flush-log-bytes", defaultValue = "134217728")
    long flushLogBytes;

    @Inject
    @ConfigProperty(name = "auspex.storage.keep-in-head", defaultValue = "PT30M")
    Duration keepInHead;

    @Inject
    @ConfigProperty(name = "auspex.storage.head-bytes")
    Optional<Long> headBytes;

    @Inject
    @ConfigProperty(name = "auspex.storage.series-bytes")
    Optional<Long> seriesBytes;

    @Inject
    @ConfigProperty(name = "auspex.storage.pack-cache-bytes")
    Optional<Long> packCacheBytes;

    @Inject
    @ConfigProperty(name = "auspex.node", defaultValue = "single")
    String node;

    @Inject
    @ConfigProperty(name = "auspex.storage.lease", defaultValue = "PT10S")
    Duration lease;

    @Inject
    @ConfigProperty(name = "auspex.storage.follow-interval", defaultValue = "PT0.05S")
    Duration follow;

    @Inject
    @ConfigProperty(name = "auspex.ingest.exemplars", defaultValue = "100000")
    int exemplars;

    private @Nullable StorageEngine engine;
    private @Nullable FreshSampleHub fresh;

    @PostConstruct
    void create() {
        LogLimits log =
                new LogLimits(queueBytes, queueAge, LogLimits.DEFAULT.batchBytes(), LogLimits.DEFAULT.committers());
        StorageSettings settings = new StorageSettings(
                activeSeries,
                flushInterval,
                flushLogBytes,
                keepInHead,
                headBytes.orElse((long) (Runtime.getRuntime().maxMemory() * HEAD_SHARE_OF_HEAP)),
                seriesBytes.orElse((long) (Runtime.getRuntime().maxMemory() * SERIES_SHARE_OF_HEAP)),
                packCacheBytes.orElse((long) (Runtime.getRuntime().maxMemory() * PACKS_SHARE_OF_HEAP)),
                log);
        FreshSampleHub hub = new FreshSampleHub(
                threads,
                (name, failure) ->
                        LOG.log(System.Logger.Level.WARNING, "listener to fresh samples failed name=" + name, failure));
        fresh = hub;
        engine = new StorageEngine(
                settings,
                new NodeSettings(node, lease, follow),
                dataSource,
                jdbc,
                threads,
                clock,
                hub,
                new SpoolSettings(Path.of(data, "spool"), spoolBytes, spoolAge, spoolSeries));
        engine().onFollowed(followed::fire);
        meters.collect(this::collect);
    }

    StorageEngine engine() {
        StorageEngine created = engine;
        if (created == null) {
            throw new IllegalStateException("storage has not been created");
        }
        return created;
    }

    @Produces
    @Singleton
    SampleStore store() {
        return engine().store();
    }

    @Produces
    @Singleton
    RollUps rollUps() {
        return engine().rollUps();
    }

    @Produces
    @Singleton
    Retention retention() {
        return new Retention(jdbc, policies, engine().rollUps());
    }

    @Produces
    @Singleton
    SampleAppender appender() {
        return engine();
    }

    @Produces
    @Singleton
    NodeRole role() {
        return engine()::leads;
    }

    @Produces
    @Singleton
    ExemplarStore exemplarStore() {
        return engine().exemplars(exemplars, meters);
    }

    @Produces
    @Singleton
    FreshSamples freshSamples() {
        FreshSampleHub created = fresh;
        if (created == null) {
            throw new IllegalStateException("storage has not been created");
        }
        return created;
    }

    @Override
    public String component() {
        return "storage";
    }

    @Override
    public Finding check() {
        StorageFigures figures = engine().figures();
        StorageFigures.Spool spool = figures.spool();
        State state = !engine().isStarted() || (spool.active() && spool.full())
                ? State.DOWN
                : spool.active() ? State.DEGRADED : State.UP;
        String detail = !engine().isStarted()
                ? "storage is starting or stopping"
                : spool.active()
                        ? "the database takes no samples; the spool " + (spool.full() ? "is full" : "keeps them")
                        : "";
        return new Finding(
                state,
                detail,
                Map.of(
                        "spoolBytes", Long.toString(spool.bytes()),
                        "spoolSeconds", Long.toString(spool.age().toSeconds()),
                        "activeSeries", Integer.toString(figures.activeSeries()),
                        "logBytes", Long.toString(figures.log().pendingBytes()),
                        "headBytes", Long.toString(figures.headBytes())));
    }

    private void collect(Meters.Sink sink) {
        StorageFigures figures = engine().figures();
        StorageFigures.Log log = figures.log();
        gauge(sink, "auspex_head_active_series", "Series with samples in memory.", figures.activeSeries());
        gauge(sink, "auspex_head_bytes", "Heap that recent samples take.", figures.headBytes());
        gauge(sink, "auspex_label_index_bytes", "Heap that label indexes take.", figures.indexBytes());
        StorageFigures.Cache packs = figures.packCache();
        gauge(sink, "auspex_pack_cache_bytes", "Heap that packs read by queries take.", packs.bytes());
        counter(sink, "auspex_pack_cache_hits_total", "Packs that a query found in memory.", packs.hits());
        counter(sink, "auspex_pack_cache_misses_total", "Packs that a query had to fetch.", packs.misses());
        gauge(sink, "auspex_log_pending_bytes", "Log bytes that a restart would replay.", log.pendingBytes());
        gauge(sink, "auspex_log_queue_bytes", "Log bytes that wait for a commit.", log.queuedBytes());
        counter(sink, "auspex_log_commits_total", "Committed transactions of the log.", log.commits());
        counter(sink, "auspex_log_failures_total", "Transactions of the log that failed.", log.failures());
        counter(sink, "auspex_log_refused_total", "Requests refused by back-pressure.", log.refusedRequests());
        StorageFigures.Following following = figures.following();
        gauge(
                sink,
                "auspex_node_leads",
                "Whether this node writes packs and judges samples.",
                following.leads() ? 1 : 0);
        gauge(sink, "auspex_node_others", "Other nodes of this database.", following.others());
        counter(sink, "auspex_followed_records_total", "Records of other nodes that were read.", following.records());
        gauge(
                sink,
                "auspex_follow_lag_median_seconds",
                "Median age of records of other nodes when they were read.",
                following.lagP50().toNanos() / 1e9);
        gauge(
                sink,
                "auspex_follow_lag_p99_seconds",
                "99th percentile of the age of records of other nodes when they were read.",
                following.lagP99().toNanos() / 1e9);
        StorageFigures.Spool spool = figures.spool();
        gauge(sink, "auspex_spool_active", "1 while samples go to the node's own disk.", spool.active() ? 1 : 0);
        gauge(sink, "auspex_spool_bytes", "Bytes on the node's own disk that the log does not have.", spool.bytes());
        gauge(
                sink,
                "auspex_spool_oldest_seconds",
                "How long the oldest record has been in the spool.",
                spool.age().toMillis() / 1e3);
        counter(sink, "auspex_spool_records_total", "Records written to the spool.", spool.records());
        counter(
                sink,
                "auspex_spool_replayed_samples_total",
                "Samples that went from the spool into the log.",
                spool.replayedSamples());
        counter(sink, "auspex_spool_damaged_total", "Records of the spool that could not be read.", spool.damaged());
        counter(sink, "auspex_spool_refused_total", "Requests that the spool refused.", spool.refusedRequests());
        counter(sink, "auspex_spool_failures_total", "Writes to the spool that failed.", spool.failures());
        counter(sink, "auspex_series_created_total", "Series created.", figures.createdSeries());
        counter(sink, "auspex_series_refused_total", "Series refused by the limit.", figures.refusedSeries());
        gauge(
                sink,
                "auspex_log_commit_median_seconds",
                "Median duration of commits of the log.",
                log.commitP50().toNanos() / 1e9);
        gauge(
                sink,
                "auspex_log_commit_p99_seconds",
                "99th percentile of the duration of commits of the log.",
                log.commitP99().toNanos() / 1e9);
        if (!figures.droppedFresh().isEmpty()) {
            sink.family(
                    "auspex_fresh_samples_dropped_total", MeterType.COUNTER, "Samples that a slow listener missed.");
            figures.droppedFresh()
                    .forEach((listener, count) -> sink.sample("", new String[] {"listener", listener}, count));
        }
    }

    private static void gauge(Meters.Sink sink, String name, String help, double value) {
        sink.family(name, MeterType.GAUGE, help);
        sink.sample("", new String[0], value);
    }

    private static void counter(Meters.Sink sink, String name, String help, double value) {
        sink.family(name, MeterType.COUNTER, help);
        sink.sample("", new String[0], value);
    }
}
