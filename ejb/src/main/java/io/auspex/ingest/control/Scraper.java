package io.auspex.ingest.control;

import io.auspex.ingest.RelabelRules;
import io.auspex.ingest.ScrapeReport;
import io.auspex.ingest.ScrapeTarget;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Meters;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.annotation.security.PermitAll;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes the targets of those tenants whose lease this node has.
 *
 * <p>While PostgreSQL is away the node goes on with the tenants that it had; that another node then scrapes too is
 * harmless, since their samples are of different times.
 */
@Startup
@Singleton
@DependsOn({"Migrator", "StorageStartup", "Bootstrap"})
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@PermitAll
public class Scraper {
    private static final System.Logger LOG = System.getLogger(Scraper.class.getName());
    private static final long SYNC_SECONDS = 5;
    private static final long STOP_SECONDS = 5;
    private static final double[] SECONDS = {0.01, 0.05, 0.1, 0.5, 1, 5, 10};

    /** A scrape that is this late or less counts as of its time, which compresses better. */
    private static final long TOLERANCE_MILLIS = 2;

    @Inject
    ScrapeSettings settings;

    @Inject
    ScrapeLeases leases;

    @Inject
    IngestConfigStore configs;

    @Inject
    IngestSettings limits;

    @Inject
    WriteRequests requests;

    @Inject
    Clock clock;

    @Inject
    Meters meters;

    @Resource
    ManagedThreadFactory threads;

    private final UUID holder = UUID.randomUUID();
    private final Map<TenantId, TenantScrapes> tenants = new ConcurrentHashMap<>();
    private final Map<ScrapeLoop, Timing> timings = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService timer;
    private @Nullable ExecutorService workers;
    private @Nullable Future<?> syncing;

    /** When a loop is due, and whether it is at work. */
    private static final class Timing {
        final AtomicBoolean atWork = new AtomicBoolean();
        volatile @Nullable Future<?> next;
    }

    @PostConstruct
    void begin() {
        if (!settings.enabled()) {
            return;
        }
        ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor(threads);
        timer = time;
        workers = Executors.newFixedThreadPool(settings.parallel(), threads);
        syncing = time.scheduleWithFixedDelay(this::sync, 1, SYNC_SECONDS, TimeUnit.SECONDS);
        meters.gauge("auspex_scrape_targets", "Targets that this node scrapes.", timings::size);
    }

    @PreDestroy
    void stop() {
        Future<?> task = syncing;
        if (task != null) {
            task.cancel(false);
        }
        for (ExecutorService pool : new @Nullable ExecutorService[] {timer, workers}) {
            if (pool != null) {
                end(pool);
            }
        }
        if (timer != null) {
            try {
                leases.release(holder);
            } catch (AuspexException e) {
                LOG.log(System.Logger.Level.DEBUG, "leases of scraping end by themselves: {0}", e.detail());
            }
        }
    }

    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.DEBUG, "scrapes that were under way did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes up tenants, reads what they want scraped and tells the other nodes how it goes. */
    private void sync() {
        try {
            Map<TenantId, String> held = leases.claim(holder, settings.lease());
            Map<TenantId, TenantScrapes> lost = new HashMap<>(tenants);
            lost.keySet().removeAll(held.keySet());
            lost.forEach((tenant, scrapes) -> {
                // what another node goes on with has not ended
                scrapes.leave(configs.effective(tenant).scrape().isEmpty());
                tenants.remove(tenant);
            });
            held.forEach(this::sync);
        } catch (AuspexException e) {
            LOG.log(System.Logger.Level.DEBUG, "scraping goes on as it is: {0}", e.detail());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "targets could not be brought up to date", e);
        }
    }

    private void sync(TenantId tenant, String slug) {
        TenantScrapes scrapes = tenants.computeIfAbsent(
                tenant,
                absent -> new TenantScrapes(
                        settings, new ScrapeFiles(settings.directory(slug, "targets")), new LoopsOf(tenant, slug)));
        scrapes.sync(configs.effective(tenant), configs.rules(tenant));
        leases.report(tenant, holder, ScrapeReportJson.write(scrapes.report()));
    }

    /** The loops of one tenant on this node's threads. */
    private final class LoopsOf implements TenantScrapes.Loops {
        private final TenantId tenant;
        private final ScrapeSecrets secrets;
        private final ScrapeHttp http = new ScrapeHttp(settings);

        LoopsOf(TenantId tenant, String slug) {
            this.tenant = tenant;
            secrets = new ScrapeSecrets(settings.directory(slug, "secrets"));
        }

        @Override
        public ScrapeLoop begin(ScrapeTarget target, RelabelRules rules) {
            ScrapeLoop loop = new ScrapeLoop(
                    tenant,
                    target,
                    rules,
                    http,
                    secrets,
                    requests,
                    limits.limits().maxBodyBytes());
            timings.put(loop, new Timing());
            plan(loop);
            return loop;
        }

        @Override
        public void leave(ScrapeLoop loop) {
            forget(loop);
        }

        @Override
        public void end(ScrapeLoop loop) {
            forget(loop);
            submit(() -> end(loop, clock.millis()));
        }

        private void end(ScrapeLoop loop, long epochMillis) {
            try {
                loop.end(epochMillis);
            } catch (AuspexException e) {
                LOG.log(System.Logger.Level.DEBUG, "series of a target could not be ended: {0}", e.detail());
            }
        }

        @Override
        public void replace(ScrapeLoop loop, ScrapeLoop by) {
            forget(loop);
            by.follow(loop);
        }
    }

    private void forget(ScrapeLoop loop) {
        Timing timing = timings.remove(loop);
        Future<?> next = timing == null ? null : timing.next;
        if (next != null) {
            next.cancel(false);
        }
    }

    /** Plans the next scrape: at the target's own place in the interval. */
    private void plan(ScrapeLoop loop) {
        Timing timing = timings.get(loop);
        ScheduledExecutorService time = timer;
        if (timing == null || time == null) {
            return;
        }
        long now = clock.millis();
        long interval = loop.target().interval().toMillis();
        long due = now - Math.floorMod(now - loop.target().offsetMillis(), interval) + interval;
        try {
            timing.next = time.schedule(() -> due(loop, timing, due), due - now, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "the server stops, nothing is scraped any more");
        }
    }

    private void due(ScrapeLoop loop, Timing timing, long due) {
        plan(loop);
        if (!timing.atWork.compareAndSet(false, true)) {
            return; // the last one is still under way
        }
        boolean taken = submit(() -> {
            try {
                long now = clock.millis();
                loop.scrape(Math.abs(now - due) <= TOLERANCE_MILLIS ? due : now);
                count(loop.report());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a target could not be scraped", e);
            } finally {
                timing.atWork.set(false);
            }
        });
        if (!taken) {
            timing.atWork.set(false);
        }
    }

    private void count(ScrapeReport.Target target) {
        meters.counter("auspex_scrapes_total", "Scrapes, by how the target answered.", "health")
                .with(target.health().name().toLowerCase(Locale.ROOT))
                .add(1);
        meters.histogram("auspex_scrape_seconds", "Time that scrapes took, storing included.", SECONDS)
                .with()
                .observe(target.lastSeconds());
    }

    private boolean submit(Runnable task) {
        ExecutorService pool = workers;
        try {
            if (pool != null) {
                pool.execute(task);
                return true;
            }
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "the server stops, nothing is scraped any more");
        }
        return false;
    }

    /** How scraping goes for a tenant, whichever node does it. */
    public ScrapeReport report(TenantId tenant) {
        TenantScrapes own = tenants.get(tenant);
        return own == null ? ScrapeReportJson.read(leases.report(tenant)) : own.report();
    }
}
