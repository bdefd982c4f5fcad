package io.auspex.anomaly.control;

import io.auspex.anomaly.DetectorRule;
import io.auspex.anomaly.EventTracker;
import io.auspex.platform.AuspexException;
import io.auspex.platform.MeterType;
import io.auspex.platform.Meters;
import io.auspex.series.FreshBatch;
import io.auspex.series.FreshSamples;
import io.auspex.series.Labels;
import io.auspex.series.NodeRole;
import io.auspex.series.SeriesIdentity;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Judges the fresh samples of every watched series of every tenant as they become durable, on one node of all.
 *
 * <p>Bounded everywhere: samples that wait, series of a tenant and of all of them. What does not fit is counted, never waited for, so
 * that ingest does not feel it. A watched series takes about 70 kB. A new one is judged by an untrained baseline
 * until its training, on one thread of its own, is through.
 */
@ApplicationScoped
public class LiveDetection {
    private static final System.Logger LOG = System.getLogger(LiveDetection.class.getName());
    private static final int MAX_PENDING_SAMPLES = 200_000;
    private static final double SHARE_OF_HEAP = 0.25;
    private static final int BYTES_PER_SERIES = 70_000;
    private static final long RULES_FRESH_MILLIS = 10_000;
    private static final long HOUSEKEEPING_MILLIS = 60_000;
    private static final Duration STATE_EVERY = Duration.ofMinutes(5);
    private static final Duration UNHEARD_EVENT = Duration.ofMinutes(30);
    private static final Duration UNHEARD_SERIES = Duration.ofHours(2);
    private static final Duration STATE_KEPT = Duration.ofDays(14);

    @Inject
    Instance<FreshSamples> fresh;

    @Inject
    DetectorStore rules;

    @Inject
    DetectorStateStore states;

    @Inject
    AnomalyStore anomalies;

    @Inject
    SeriesTraining training;

    @Inject
    Clock clock;

    @Inject
    Meters meters;

    @Inject
    NodeRole role = () -> true;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    @ConfigProperty(name = "auspex.anomaly.series-per-tenant", defaultValue = "1000")
    int seriesPerTenant;

    @Inject
    @ConfigProperty(name = "auspex.anomaly.series")
    Optional<Integer> nodeSeries = Optional.empty();

    @Inject
    @ConfigProperty(name = "auspex.anomaly.warm-up-samples", defaultValue = "240")
    int warmUpSamples;

    private final Map<TenantId, TenantWatch> watches = new HashMap<>();
    private long nextHousekeepingMillis;
    private long nextStateMillis;
    private volatile long judged;
    private final AtomicLong failed = new AtomicLong();
    private volatile int watchedSeries;
    private volatile double lagSeconds;
    private @Nullable ExecutorService trainer;
    private FreshSamples.@Nullable Subscription subscription;

    /** Begins to listen. */
    public void start() {
        if (!fresh.isResolvable()) {
            LOG.log(System.Logger.Level.WARNING, "no stream of fresh samples, nothing is judged as it arrives");
            return;
        }
        trainer = Executors.newSingleThreadExecutor(threads);
        meters.collect(this::collect);
        subscription = fresh.get().subscribe("anomaly", MAX_PENDING_SAMPLES, this::accept);
    }

    /** Stops listening. What was learned since it was last saved is learned again from the stored samples. */
    public void stop() {
        FreshSamples.Subscription running = subscription;
        if (running != null) {
            running.close();
        }
        ExecutorService pool = trainer;
        if (pool != null) {
            pool.shutdownNow();
            awaitEnd(pool);
        }
    }

    private static void awaitEnd(ExecutorService pool) {
        try {
            if (!pool.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "detector training did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Judges a batch; called by one thread. */
    synchronized void accept(FreshBatch batch) {
        if (!role.leads()) {
            // every node hears of every sample, one judges: what was learned here is old when it is asked again
            watches.clear();
            watchedSeries = 0;
            return;
        }
        long now = clock.millis();
        TenantWatch watch = watch(batch.tenant(), now);
        long count = 0;
        long newest = Long.MIN_VALUE;
        for (int row = 0; row < batch.size(); row++) {
            int ref = batch.ref(row);
            if (watch.isUnwatched(ref)) {
                continue;
            }
            LiveSeries series = series(watch, batch, row);
            if (series != null) {
                series.update(batch.timestamp(row), batch.value(row));
                store(series);
                count++;
                newest = Math.max(newest, batch.timestamp(row));
            }
        }
        judged += count;
        if (count > 0) {
            lagSeconds = (clock.millis() - newest) / 1000.0;
        }
        if (now >= nextHousekeepingMillis) {
            nextHousekeepingMillis = now + HOUSEKEEPING_MILLIS;
            keepHouse(now);
        }
    }

    private TenantWatch watch(TenantId tenant, long now) {
        TenantWatch watch = watches.get(tenant);
        if (watch != null && now - watch.loadedMillis() < RULES_FRESH_MILLIS) {
            return watch;
        }
        List<DetectorRule> current;
        try {
            current = rules.effective(tenant);
        } catch (AuspexException e) {
            if (watch != null) {
                return watch; // the database is away; judge on by the rules that were
            }
            throw e;
        }
        if (watch != null && watch.rules().equals(current)) {
            watch.renew(now);
            return watch;
        }
        if (watch != null) {
            saveStates(tenant, watch);
        }
        TenantWatch renewed = new TenantWatch(current, seriesPerTenant, this::hasRoom, now);
        watches.put(tenant, renewed);
        return renewed;
    }

    private boolean hasRoom() {
        return watches.values().stream()
                        .mapToLong(watch -> watch.series().size())
                        .sum()
                < nodeSeries.orElse((int) (Runtime.getRuntime().maxMemory() * SHARE_OF_HEAP / BYTES_PER_SERIES));
    }

    private @Nullable LiveSeries series(TenantWatch watch, FreshBatch batch, int row) {
        LiveSeries known = watch.find(batch.ref(row));
        if (known != null) {
            return known;
        }
        Labels labels = batch.labels(row);
        DetectorRule rule = watch.ruleFor(batch.ref(row), labels).orElse(null);
        if (rule == null) {
            return null;
        }
        LiveSeries series = new LiveSeries(batch.tenant(), labels, rule, warmUpSamples);
        anomalies.open(series.tenant(), series.identity()).ifPresent(series::resume);
        watch.add(batch.ref(row), series);
        train(series, true);
        return series;
    }

    private void train(LiveSeries series, boolean fromState) {
        // Due again only when the training says so; until then it is on its way.
        series.trainAgainAt(Long.MAX_VALUE);
        ExecutorService pool = trainer;
        if (pool == null) {
            training.train(series, fromState);
            return;
        }
        try {
            pool.execute(() -> {
                try {
                    training.train(series, fromState);
                } catch (RuntimeException e) {
                    failed.incrementAndGet();
                    series.trainAgainAt(clock.millis() + HOUSEKEEPING_MILLIS);
                    LOG.log(System.Logger.Level.WARNING, "detector not trained series=" + series.labels(), e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "stopping, series not trained series={0}", series.labels());
        }
    }

    /** Stores a change of the series' event; what cannot be stored now is tried again with the next sample. */
    private void store(LiveSeries series) {
        EventTracker.Transition change = series.unsaved().orElse(null);
        if (change == null) {
            return;
        }
        try {
            switch (change.change()) {
                case OPENED, WORSENED -> anomalies.put(series.subject(), change.event());
                case CLOSED -> anomalies.close(series.subject(), change.event());
            }
            series.saved();
        } catch (AuspexException e) {
            failed.incrementAndGet();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "anomaly not stored yet series={0} reason={1}",
                    series.labels(),
                    e.getMessage());
        }
    }

    /** Lets go of what is watched of series that are gone. */
    synchronized void forget(TenantId tenant, Set<SeriesIdentity> gone) {
        TenantWatch watch = watches.get(tenant);
        if (watch != null) {
            watch.forget(gone);
        }
    }

    private void keepHouse(long now) {
        boolean saves = now >= nextStateMillis;
        nextStateMillis = saves ? now + STATE_EVERY.toMillis() : nextStateMillis;
        int count = 0;
        for (Map.Entry<TenantId, TenantWatch> entry : watches.entrySet()) {
            TenantId tenant = entry.getKey();
            TenantWatch watch = entry.getValue();
            for (LiveSeries series : watch.series()) {
                if (series.isTrainingDue(now)) {
                    train(series, false);
                }
            }
            Instant instant = Instant.ofEpochMilli(now);
            try {
                anomalies.closeUnheard(tenant, instant.minus(UNHEARD_EVENT));
                if (saves) {
                    saveStates(tenant, watch);
                    states.expire(tenant, instant.minus(STATE_KEPT));
                }
            } catch (AuspexException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "detector housekeeping failed tenant={0} reason={1}",
                        tenant,
                        e.getMessage());
            }
            if (watch.isFull()) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "detector limit reached tenant={0} limit={1}",
                        tenant,
                        seriesPerTenant);
            }
            watch.forget(now - UNHEARD_SERIES.toMillis());
            count += watch.series().size();
        }
        watchedSeries = count;
    }

    private void saveStates(TenantId tenant, TenantWatch watch) {
        List<DetectorStateStore.State> changed = new ArrayList<>();
        for (LiveSeries series : watch.series()) {
            series.takeState().ifPresent(state -> changed.add(new DetectorStateStore.State(series.identity(), state)));
        }
        try {
            states.save(tenant, changed, clock.instant());
        } catch (AuspexException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "detector states not saved tenant={0} reason={1}",
                    tenant,
                    e.getMessage());
        }
    }

    private void collect(Meters.Sink sink) {
        sink.family(
                "auspex_anomaly_samples_judged_total", MeterType.COUNTER, "Fresh samples that detectors have judged.");
        sink.sample("", new String[0], judged);
        sink.family(
                "auspex_anomaly_failures_total", MeterType.COUNTER, "Trainings and stores of detectors that failed.");
        sink.sample("", new String[0], failed.get());
        sink.family("auspex_anomaly_watched_series", MeterType.GAUGE, "Series that detectors watch.");
        sink.sample("", new String[0], watchedSeries);
        sink.family("auspex_anomaly_lag_seconds", MeterType.GAUGE, "Age of the newest sample when it was judged.");
        sink.sample("", new String[0], lagSeconds);
    }
}
