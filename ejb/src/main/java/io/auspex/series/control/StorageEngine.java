package io.auspex.series.control;

import io.auspex.codec.LogEncoder;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Meters;
import io.auspex.series.AppendBatch;
import io.auspex.series.AppendWindow;
import io.auspex.series.ErasedSeries;
import io.auspex.series.ExemplarStore;
import io.auspex.series.FreshBatch;
import io.auspex.series.FreshSampleHub;
import io.auspex.series.Head;
import io.auspex.series.HeadExtent;
import io.auspex.series.HistogramCodec;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.NewSeries;
import io.auspex.series.SampleAppender;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesLimit;
import io.auspex.series.Verdict;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * The store of samples: durable log, head, packs, and the thread that moves samples from one to the next.
 *
 * <p>{@link #start} recovers what an earlier process acknowledged; before it nothing can be written or read.
 */
final class StorageEngine implements SampleAppender, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StorageEngine.class.getName());
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration RELIEF = Duration.ofSeconds(30);
    private static final Duration COUNT_ACTIVE = Duration.ofMinutes(5);

    private final StorageSettings settings;
    private final DataSource dataSource;
    private final TenantJdbc jdbc;
    private final ThreadFactory threads;
    private final ThreadPoolExecutor helpers;
    private final Clock clock;

    private final Head head = new Head();
    private final FlushMarks marks = new FlushMarks();
    private final ReadEpochs readers = new ReadEpochs();
    private final Tombstones tombstones = new Tombstones();
    private final SeriesRegistry registry;
    private final PackStore packs;
    private final TierStore tiers;
    private final HeadFlush flush;
    private final FreshSampleHub fresh;
    private final ConcurrentLinkedQueue<LogEncoder> encoders = new ConcurrentLinkedQueue<>();
    private final Object flushSignal = new Object();
    private final Object flushing = new Object();
    private volatile @Nullable DurableLog log;
    private @Nullable Thread flusher;
    private volatile boolean closing;
    private volatile StorageFigures.Flush lastFlush = StorageFigures.Flush.NONE;
    private volatile StorageFigures.Replay replay = StorageFigures.Replay.NONE;

    StorageEngine(
            StorageSettings settings,
            DataSource dataSource,
            TenantJdbc jdbc,
            ThreadFactory threads,
            Clock clock,
            FreshSampleHub fresh) {
        this.settings = settings;
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.threads = threads;
        // one processor stays with whoever reads; more than that would only wait for each other
        this.helpers = new ThreadPoolExecutor(
                0, Math.max(1, PROCESSORS - 1), 30, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
        this.clock = clock;
        this.fresh = fresh;
        this.registry = new SeriesRegistry(jdbc, head, settings.activeSeries());
        this.packs = new PackStore(jdbc, settings.packCacheBytes());
        this.tiers = new TierStore(jdbc);
        this.flush = new HeadFlush(head, registry, marks, packs, jdbc, readers);
    }

    /** Recovers, then accepts samples and begins to flush. */
    void start() {
        long begin = System.nanoTime();
        Recovery recovery = new Recovery(settings, jdbc, registry, head, marks, packs, flush, clock);
        Recovery.Position position = recovery.run();
        DurableLog opened =
                new DurableLog(dataSource, settings.log(), position.nextSeq(), position.slot(), position.bytes());
        opened.start(threads);
        log = opened;
        replay = new StorageFigures.Replay(
                position.samples(), position.damaged(), Duration.ofNanos(System.nanoTime() - begin));
        flush.countActive();
        Thread thread = threads.newThread(this::flushWhenDue);
        flusher = thread;
        thread.start();
        LOG.log(
                System.Logger.Level.INFO,
                "storage ready series={0} replayedSamples={1} millis={2}",
                registry.tenants().stream()
                        .mapToInt(tenant -> registry.of(tenant).index.size())
                        .sum(),
                position.samples(),
                replay.duration().toMillis());
    }

    boolean isStarted() {
        return log != null && !closing;
    }

    SampleStore store() {
        return packedStore();
    }

    PackedSampleStore packedStore() {
        Executor spare = PROCESSORS > 1 ? helpers : DecodeAhead.NOBODY;
        return new PackedSampleStore(
                new SampleSources(head, registry, packs, flush, readers, spare, tiers), tombstones);
    }

    RollUps rollUps() {
        return new RollUps(jdbc, tiers);
    }

    Tombstones tombstones() {
        return tombstones;
    }

    /** Metrics all of whose series are deleted. */
    Set<String> goneMetrics(TenantId tenant) {
        RoaringBitmap gone = packedStore().gone(tenant);
        LabelIndex index = index(tenant);
        Map<String, Integer> counts = new HashMap<>();
        gone.forEach((IntConsumer) ref -> {
            Labels labels = index.labels(ref);
            if (labels != null) {
                counts.merge(labels.metric(), 1, Integer::sum);
            }
        });
        counts.entrySet().removeIf(each -> index.cardinality(Labels.METRIC_NAME, each.getKey()) > each.getValue());
        return counts.keySet();
    }

    ExemplarStore exemplars(int perTenant, Meters meters) {
        return new ExemplarTable(jdbc, head, registry, tombstones, perTenant, meters);
    }

    @Override
    public void find(TenantId tenant, long[] high, long[] low, int from, int to, int[] refs) {
        registry.of(tenant).map.find(high, low, from, to, refs);
    }

    @Override
    public int[] register(TenantId tenant, List<NewSeries> series, SeriesLimit limit) {
        started();
        return registry.register(tenant, series, limit);
    }

    @Override
    public void append(TenantId tenant, AppendBatch batch, AppendWindow window) {
        DurableLog open = started();
        LogEncoder encoder = Optional.ofNullable(encoders.poll()).orElseGet(LogEncoder::new);
        int samples;
        byte[][] rows;
        try {
            encode(batch, window, encoder);
            samples = encoder.count();
            rows = samples == 0 ? new byte[0][] : encoder.finish(LogConnection.MAX_ROW_BYTES);
        } finally {
            encoders.add(encoder);
        }
        if (samples == 0) {
            apply(batch, window); // for the verdicts
            return;
        }
        open.append(tenant, rows, samples, generation -> apply(batch, window));
        publish(tenant, batch);
        if (open.pendingBytes() > settings.flushLogBytes()) {
            synchronized (flushSignal) {
                flushSignal.notifyAll();
            }
        }
    }

    private DurableLog started() {
        DurableLog open = log;
        if (open == null || closing) {
            throw new AuspexException(
                    Code.UNAVAILABLE, closing ? "the server is shutting down" : "storage is starting");
        }
        return open;
    }

    /** What the window refuses is not logged, since a replay asks no window. */
    private void encode(AppendBatch batch, AppendWindow window, LogEncoder encoder) {
        int[] refs = batch.refs();
        long[] timestamps = batch.timestamps();
        double[] values = batch.values();
        for (int i = 0; i < batch.count(); i++) {
            if (timestamps[i] >= window.oldestMillis() && timestamps[i] <= window.newestMillis()) {
                encoder.add(head.seriesId(refs[i]), timestamps[i], values[i]);
            }
        }
        for (int i = 0; i < batch.histogramCount(); i++) {
            long timestamp = batch.histogramTimestamp(i);
            if (timestamp >= window.oldestMillis() && timestamp <= window.newestMillis()) {
                encoder.addBlob(
                        head.seriesId(batch.histogramRef(i)), timestamp, HistogramCodec.encode(batch.histogram(i)));
            }
        }
    }

    private void apply(AppendBatch batch, AppendWindow window) {
        int[] refs = batch.refs();
        long[] timestamps = batch.timestamps();
        touch(batch);
        head.append(refs, timestamps, batch.values(), batch.count(), window, batch.verdicts());
        for (int i = 0; i < batch.histogramCount(); i++) {
            batch.histogramVerdict(
                    i, head.append(batch.histogramRef(i), batch.histogramTimestamp(i), batch.histogram(i), window));
        }
        touch(batch);
    }

    private void touch(AppendBatch batch) {
        int[] refs = batch.refs();
        long[] timestamps = batch.timestamps();
        for (int i = 0; i < batch.count(); i++) {
            marks.touch(refs[i], timestamps[i]);
        }
        for (int i = 0; i < batch.histogramCount(); i++) {
            marks.touch(batch.histogramRef(i), batch.histogramTimestamp(i));
        }
    }

    private void publish(TenantId tenant, AppendBatch batch) {
        if (!fresh.hasSubscribers() || batch.count() == 0) {
            return;
        }
        int[] refs = new int[batch.count()];
        long[] timestamps = new long[refs.length];
        double[] values = new double[refs.length];
        byte accepted = Verdict.ACCEPTED.code();
        int kept = 0;
        for (int i = 0; i < refs.length; i++) {
            if (batch.verdicts()[i] == accepted) {
                refs[kept] = batch.refs()[i];
                timestamps[kept] = batch.timestamps()[i];
                values[kept] = batch.values()[i];
                kept++;
            }
        }
        if (kept == 0) {
            return;
        }
        TenantSeries series = registry.of(tenant);
        fresh.publish(new FreshBatch(
                tenant,
                Arrays.copyOf(refs, kept),
                Arrays.copyOf(timestamps, kept),
                Arrays.copyOf(values, kept),
                ref -> Optional.ofNullable(series.index.labels(ref)).orElse(Labels.EMPTY)));
    }

    private void flushWhenDue() {
        long flushed = System.nanoTime();
        long counted = flushed;
        while (!closing) {
            synchronized (flushSignal) {
                try {
                    flushSignal.wait(POLL.toMillis());
                } catch (InterruptedException e) {
                    return;
                }
            }
            long now = System.nanoTime();
            try {
                if (!closing && isDue(now - flushed)) {
                    flushNow();
                    flushed = now;
                }
                if (now - counted >= COUNT_ACTIVE.toNanos()) {
                    flush.countActive();
                    counted = now;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // PostgreSQL is away: head and log keep everything, the next turn tries again
                LOG.log(System.Logger.Level.WARNING, "flush failed", e);
            }
        }
    }

    private boolean isDue(long nanosSinceFlush) {
        return nanosSinceFlush >= settings.flushInterval().toNanos()
                || started(log).pendingBytes() > settings.flushLogBytes()
                // what stays when all is flushed is not to be flushed again and again
                || (head.bytes() > settings.headBytes() && nanosSinceFlush > RELIEF.toNanos());
    }

    private static DurableLog started(@Nullable DurableLog log) {
        if (log == null) {
            throw new IllegalStateException("storage has not started");
        }
        return log;
    }

    /** Writes everything acknowledged so far to packs, truncates the log and frees memory. */
    void flushNow() throws InterruptedException {
        synchronized (flushing) {
            flush(head.bytes() > settings.headBytes() / 2);
        }
    }

    private void flush(boolean tight) throws InterruptedException {
        long begin = System.nanoTime();
        DurableLog open = started(log);
        long now = clock.millis();
        DurableLog.Cut cut = open.rotate();
        open.awaitApplied(cut.generation());
        HeadFlush.Outcome outcome = flush.write(cut.lastSeq(), now);
        open.covered(cut);
        flush.truncateLog(DurableLog.slot(open.generation()));
        DurableLog.Cut barrier = open.rotate();
        open.awaitApplied(barrier.generation());
        flush.release(tight ? now : now - settings.keepInHead().toMillis());
        flush.countActive();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        lastFlush =
                new StorageFigures.Flush(clock.instant(), outcome.packs(), outcome.samples(), outcome.bytes(), took);
        LOG.log(
                System.Logger.Level.INFO,
                "flushed packs={0} samples={1} bytes={2} millis={3}",
                outcome.packs(),
                outcome.samples(),
                outcome.bytes(),
                took.toMillis());
    }

    /** Hides samples of some series from all reads that begin from now on. */
    void hide(TenantId tenant, Tombstones.Deletion deletion) {
        tombstones.add(tenant, deletion);
    }

    /** Refs of a tenant's series, by stored id. */
    Map<Long, Integer> refs(TenantId tenant, Collection<Long> ids) {
        Set<Long> wanted = Set.copyOf(ids);
        Map<Long, Integer> refs = new HashMap<>();
        index(tenant).match(List.of()).forEach((IntConsumer) ref -> {
            if (wanted.contains(head.seriesId(ref))) {
                refs.put(head.seriesId(ref), ref);
            }
        });
        return refs;
    }

    Set<TenantId> tenants() {
        return registry.tenants();
    }

    long seriesId(int ref) {
        return head.seriesId(ref);
    }

    /**
     * Erases for good what a deletion hides, and shows again what came later.
     *
     * @return nothing when samples of it are still on their way to packs: to be tried again
     */
    Optional<Erasure.Outcome> erase(
            TenantId tenant,
            Tombstones.Deletion deletion,
            Map<Long, Integer> refs,
            Consumer<ErasedSeries> tell,
            Erasure.Record done)
            throws InterruptedException {
        DurableLog open = started();
        synchronized (flushing) {
            flush(true);
            for (int ref : refs.values()) {
                if (head.mayHave(ref, deletion.fromMillis(), deletion.toMillis())) {
                    return Optional.empty();
                }
            }
            PackErasure packErasure =
                    new PackErasure(jdbc, rollUps(), LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
            Erasure erasure = new Erasure(
                    jdbc,
                    head,
                    registry,
                    packErasure,
                    () -> open.awaitApplied(open.rotate().generation()));
            Erasure.Outcome outcome = erasure.run(tenant, refs, deletion, tell, done);
            packs.cache().forget(tenant);
            tombstones.remove(tenant, deletion.request());
            return Optional.of(outcome);
        }
    }

    LabelIndex index(TenantId tenant) {
        return registry.of(tenant).index;
    }

    StorageFigures figures() {
        DurableLog open = log;
        return new StorageFigures(
                head.activeSeries(),
                head.bytes(),
                registry.tenants().stream()
                        .mapToLong(tenant -> registry.of(tenant).index.bytes())
                        .sum(),
                registry.created(),
                registry.refused(),
                readers.readers(),
                open == null ? StorageFigures.Log.NONE : StorageFigures.Log.of(open),
                lastFlush,
                replay,
                new StorageFigures.Cache(
                        packs.cache().bytes(),
                        packs.cache().hits(),
                        packs.cache().misses()),
                fresh.dropped());
    }

    /** Series of a tenant, and how many of them have samples in memory. */
    StorageFigures.Tenant figures(TenantId tenant) {
        TenantSeries series = registry.of(tenant);
        return new StorageFigures.Tenant(series.index.size(), series.active, settings.activeSeries());
    }

    /** What memory holds of a tenant's series. */
    HeadExtent extent(TenantId tenant) {
        HeadExtent extent = new HeadExtent();
        for (int ref : registry.of(tenant).index.match(List.of()).toArray()) {
            head.extent(ref, extent);
        }
        return extent;
    }

    /** Commits what is queued and stops; what is in the head is replayed at the next start. */
    @Override
    public void close() {
        closing = true;
        synchronized (flushSignal) {
            flushSignal.notifyAll();
        }
        DurableLog open = log;
        if (open != null) {
            open.close();
        }
        Thread running = flusher;
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(30).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        fresh.close();
        helpers.shutdown();
    }
}
