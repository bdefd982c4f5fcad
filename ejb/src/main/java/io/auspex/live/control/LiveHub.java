package io.auspex.live.control;

import io.auspex.insight.boundary.FindingsChanged;
import io.auspex.live.LiveRequest;
import io.auspex.live.LiveSink;
import io.auspex.live.SseEvent;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Meters;
import io.auspex.promql.Dialect;
import io.auspex.promql.Language;
import io.auspex.promql.ParseException;
import io.auspex.promql.QueryGuard;
import io.auspex.promql.QueryLimits;
import io.auspex.promql.QueryOptions;
import io.auspex.series.FreshBatch;
import io.auspex.series.FreshSamples;
import io.auspex.series.SampleStore;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of this node. Fresh samples of a tenant wake the streams of that tenant and no others; each tenant
 * is served by one task at a time, and what arrives meanwhile is served by its next turn.
 */
@ApplicationScoped
public class LiveHub {
    static final int MAX_STREAMS_PER_TENANT = 200;
    private static final System.Logger LOG = System.getLogger(LiveHub.class.getName());
    private static final int MAX_PENDING_SAMPLES = 2_000_000;
    private static final long BEAT_SECONDS = 15;
    private static final long LIFETIME_MILLIS = TimeUnit.MINUTES.toMillis(10);
    /** Clocks of senders may be ahead by this much and still move the streams on. */
    private static final long MAX_AHEAD_MILLIS = 5_000;

    /** Longer than the transaction takes in which findings change; bundles several of them. */
    private static final long FINDINGS_DELAY_MILLIS = 1_000;

    private static final long QUERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** A stream is for looking at: less than a query may use. */
    private static final QueryLimits LIMITS = new QueryLimits(2_000_000, 20_000, 64L << 20);

    @Inject
    SampleStore samples;

    @Inject
    Language language;

    @Inject
    FreshSamples fresh;

    @Inject
    Clock clock;

    @Inject
    Meters meters;

    @Resource
    ManagedScheduledExecutorService executor;

    private final Map<TenantId, TenantStreams> tenants = new ConcurrentHashMap<>();
    private FreshSamples.@Nullable Subscription subscription;
    private @Nullable Future<?> beat;

    @PostConstruct
    void start() {
        subscription = fresh.subscribe("live", MAX_PENDING_SAMPLES, this::arrived);
        beat = executor.scheduleWithFixedDelay(this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
        meters.gauge(
                "auspex_live_streams",
                "Open streams of live push on this node.",
                () -> tenants.values().stream().mapToInt(TenantStreams::size).sum());
    }

    @PreDestroy
    void stop() {
        FreshSamples.Subscription running = subscription;
        if (running != null) {
            running.close();
        }
        Future<?> beating = beat;
        if (beating != null) {
            beating.cancel(false);
        }
        tenants.values().forEach(TenantStreams::closeAll);
    }

    /**
     * @return ends the subscription
     * @throws AuspexException BAD_DATA for what is no query, QUOTA_EXCEEDED when the tenant has too many streams
     */
    public Runnable subscribe(TenantId tenant, LiveRequest request, LiveSink sink) {
        LiveSubscription stream;
        try {
            stream = new LiveSubscription(tenant, language.engine(), request, sink, options(), clock.millis());
        } catch (ParseException e) {
            throw new AuspexException(Code.BAD_DATA, "invalid parameter \"query\": " + e.detail(), e);
        }
        TenantStreams streams = tenants.computeIfAbsent(tenant, TenantStreams::new);
        if (!streams.add(stream, MAX_STREAMS_PER_TENANT)) {
            throw new AuspexException(
                    Code.QUOTA_EXCEEDED, "a tenant has at most " + MAX_STREAMS_PER_TENANT + " streams on a node");
        }
        wake(streams);
        return () -> streams.remove(stream);
    }

    /** Tells the streams of the tenant, once the change can be read. */
    void findingsChanged(@Observes FindingsChanged change) {
        TenantStreams streams = tenants.get(change.tenant());
        if (streams != null && streams.noteFindings()) {
            Future<?> unused =
                    executor.schedule(() -> tellFindings(streams), FINDINGS_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static void tellFindings(TenantStreams streams) {
        streams.findingsTold();
        byte[] event = SseEvent.of("insight", "", "{}");
        streams.forEach(stream -> stream.send(event));
    }

    private void arrived(FreshBatch batch) {
        TenantStreams streams = tenants.get(batch.tenant());
        if (streams == null || streams.size() == 0) {
            return;
        }
        long latest = clock.millis() + MAX_AHEAD_MILLIS;
        long youngest = Long.MIN_VALUE;
        for (int row = 0; row < batch.size(); row++) {
            long time = batch.timestamp(row);
            if (time <= latest && time > youngest) {
                youngest = time;
            }
        }
        if (streams.known(youngest)) {
            wake(streams);
        }
    }

    private void wake(TenantStreams streams) {
        if (streams.begin()) {
            executor.execute(() -> serve(streams));
        }
    }

    private void serve(TenantStreams streams) {
        try {
            streams.forEach(stream -> stream.push(samples.reader(streams.tenant()), options(), streams.knownMillis()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "live push failed tenant=" + streams.tenant(), e);
        } finally {
            if (streams.end()) {
                wake(streams);
            }
        }
    }

    /** Finds connections that are gone, and sends home those that have been open long enough. */
    private void beat() {
        long oldest = clock.millis() - LIFETIME_MILLIS;
        byte[] comment = SseEvent.comment();
        for (TenantStreams streams : tenants.values()) {
            streams.forEach(stream -> {
                boolean open = stream.send(comment);
                if (open && stream.startedMillis() < oldest) {
                    stream.close();
                }
                return open && stream.startedMillis() >= oldest;
            });
        }
    }

    private QueryOptions options() {
        return QueryOptions.STANDARD
                .with(language.extend(Dialect.STANDARD))
                .with(LIMITS)
                .with(new QueryGuard.Deadline(System::nanoTime, QUERY_NANOS));
    }
}
