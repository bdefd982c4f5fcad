package io.auspex.series.control;

import io.auspex.codec.LogEncoder;
import io.auspex.codec.SpoolFormat;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Meters;
import io.auspex.series.AppendBatch;
import io.auspex.series.AppendWindow;
import io.auspex.series.ErasedSeries;
import io.auspex.series.ExemplarStore;
import io.auspex.series.FollowedSamples;
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
import java.sql.SQLException;
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
import java.util.concurrent.CopyOnWriteArrayList;
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
    private static final Duration REPLAY_POLL = Duration.ofMillis(500);

    private final StorageSettings settings;
    private final DataSource dataSource;
    private final TenantJdbc jdbc;
    private final ThreadFactory threads;
    private final ThreadPoolExecutor helpers;
    private final Clock clock;

    private final Head head = new Head();
    private final FlushMarks marks = new FlushMarks();
    private final ReadEpochs readers = new ReadEpochs();
    private final ReadEpochs appends = new ReadEpochs();
    private volatile RoaringBitmap closed = new RoaringBitmap();
    private final Tombstones tombstones = new Tombstones();
    private final Spool spool;
    private final OutageSeries outageSeries;
    private final SpoolReplay spoolReplay;
    private final SeriesRegistry registry;
    private final PackStore packs;
    private final TierStore tiers;
    private final HeadFlush flush;
    private final FreshSampleHub fresh;
    private final CopyOnWriteArrayList<Runnable> chores = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<LogEncoder> encoders = new ConcurrentLinkedQueue<>();
    private final NodeSettings nodeSettings;
    private final StorageNode node;
    private volatile @Nullable DurableLog log;
    private volatile @Nullable FlushDuty duty;
    private @Nullable NodeLoop loop;
    private @Nullable Thread flusher;
    private @Nullable Thread replayer;
    private volatile boolean closing;
    private volatile Consumer<FollowedSamples> followed = any -> {};
    private volatile StorageFigures.Replay replay = StorageFigures.Replay.NONE;

    StorageEngine(
            StorageSettings settings,
            NodeSettings nodeSettings,
            DataSource dataSource,
            TenantJdbc jdbc,
            ThreadFactory threads,
            Clock clock,
            FreshSampleHub fresh,
            SpoolSettings spooling) {
        this.settings = settings;
        this.nodeSettings = nodeSettings;
        this.node = new StorageNode(jdbc, nodeSettings);
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.threads = threads;
        // one processor stays with whoever reads; more than that would only wait for each other
        this.helpers = new ThreadPoolExecutor(
                0, Math.max(1, PROCESSORS - 1), 30, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
        this.clock = clock;
        this.fresh = fresh;
        this.spool = new Spool(spooling, () -> head.bytes() > settings.headBytes(), clock);
        this.outageSeries = new OutageSeries(spool, spooling.newSeries(), clock);
        this.registry = new SeriesRegistry(jdbc, head, settings.activeSeries(), settings.seriesBytes(), outageSeries);
        this.spoolReplay = new SpoolReplay(spool, registry);
        this.packs = new PackStore(jdbc, settings.packCacheBytes());
        this.tiers = new TierStore(jdbc);
        this.flush = new HeadFlush(head, registry, marks, packs, jdbc, readers);
    }

    /** Recovers, then accepts samples and begins to flush or to follow who does. */
    void start() {
        long begin = System.nanoTime();
        LogStreams streams = new LogStreams(node.join());
        node.keep(false, 0);
        LogReader reader = new LogReader(registry, head, marks, this::heard);
        LogFollower follower = new LogFollower(jdbc, reader, streams);
        Recovery recovery = new Recovery(settings, jdbc, node, registry, head, packs, flush, reader, follower, clock);
        replaySpoolOfLastProcess(recovery);
        Recovery.Position position = recovery.run();
        DurableLog opened = new DurableLog(dataSource, settings.log(), streams, position.nextSeq(), position.slot(), 0);
        opened.start(threads);
        log = opened;
        replay = new StorageFigures.Replay(
                position.samples(), position.damaged(), Duration.ofNanos(System.nanoTime() - begin));
        flush.countActive();
        follower.tellNumbers(opened::observe);
        node.ready();
        FlushDuty flushes =
                new FlushDuty(settings, node, opened, streams, follower, flush, head, clock, spool::isActive);
        duty = flushes;
        NodeLoop following = new NodeLoop(nodeSettings, node, follower, flushes, chores);
        loop = following;
        spool.start(threads);
        flusher = begin(flushes::run);
        replayer = begin(this::replayWhenPossible);
        following.start(threads);
        LOG.log(
                System.Logger.Level.INFO,
                "storage ready series={0} replayedSamples={1} millis={2}",
                registry.tenants().stream()
                        .mapToInt(tenant -> registry.of(tenant).index.size())
                        .sum(),
                position.samples(),
                replay.duration().toMillis());
    }

    private Thread begin(Runnable work) {
        Thread thread = threads.newThread(work);
        thread.start();
        return thread;
    }

    OutageSeries outageSeries() {
        return outageSeries;
    }

    /** Its monitor is held while something is replayed. */
    SpoolReplay spoolReplay() {
        return spoolReplay;
    }

    /** What it acknowledged into its spool goes into the log first, and from there into memory with all the rest. */
    private void replaySpoolOfLastProcess(Recovery recovery) {
        if (!spool.left().isEmpty()) {
            int slot = DurableLog.slot(node.flushes().announced());
            LogStreams streams = new LogStreams(node.id());
            try (DurableLog filled = new DurableLog(dataSource, settings.log(), streams, recovery.nextSeq(), slot, 0)) {
                filled.start(threads);
                spoolReplay.run(filled);
            }
            endOutage();
        }
    }

    private void replayWhenPossible() {
        while (!closing) {
            try {
                Thread.sleep(REPLAY_POLL.toMillis());
                if (!spool.isActive()) {
                    outageSeries.replenish(registry);
                }
                synchronized (spoolReplay) {
                    if (spool.isActive()) {
                        spoolReplay.run(started());
                        endOutage();
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (AuspexException e) {
                LOG.log(System.Logger.Level.DEBUG, "the spool is replayed later", e);
            }
        }
    }

    private void endOutage() {
        if (spool.end()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "the log has all of the spool samples={0} damaged={1}",
                    spoolReplay.samples(),
                    spoolReplay.damaged());
        }
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
        long epoch = appends.enter();
        try {
            refuseClosed(batch);
            appendTo(started(), tenant, batch, window);
        } finally {
            appends.exit(epoch);
        }
    }

    private void refuseClosed(AppendBatch batch) {
        RoaringBitmap now = closed;
        if (now.isEmpty()) {
            return;
        }
        boolean refused = false;
        for (int i = 0; i < batch.count(); i++) {
            refused |= now.contains(batch.refs()[i]);
        }
        for (int i = 0; i < batch.histogramCount(); i++) {
            refused |= now.contains(batch.histogramRef(i));
        }
        if (refused) {
            throw new AuspexException(Code.UNAVAILABLE, "a series is being erased at the moment");
        }
    }

    private void appendTo(DurableLog open, TenantId tenant, AppendBatch batch, AppendWindow window) {
        // asked before ids are written down: those of an outage are good for the spool only
        boolean detour = spool.isActive();
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
        if (detour) {
            appendToSpool(open, tenant, batch, window, rows, samples);
        } else {
            try {
                open.append(tenant, rows, samples, generation -> apply(batch, window));
            } catch (AuspexException e) {
                if (!isOutage(e, open)) {
                    throw e;
                }
                appendToSpool(open, tenant, batch, window, rows, samples);
            }
        }
        publish(tenant, batch.refs(), batch.timestamps(), batch.values(), batch.verdicts(), batch.count());
        FlushDuty flushes = duty;
        if (flushes != null) {
            flushes.signalWhenFull();
        }
    }

    /** Whether nothing was applied and PostgreSQL is what is missing; what it refuses it would refuse again. */
    private boolean isOutage(AuspexException e, DurableLog open) {
        return spool.isEnabled()
                && e.code() == Code.UNAVAILABLE
                && !open.isClosed()
                && !(e.getCause() instanceof SQLException refused
                        && TenantJdbc.translate(refused).code() != Code.UNAVAILABLE);
    }

    private void appendToSpool(
            DurableLog open, TenantId tenant, AppendBatch batch, AppendWindow window, byte[][] rows, int samples) {
        open.whileApplying(() -> {
            spool.append(SpoolFormat.samples(tenant.value(), clock.millis(), samples, rows));
            apply(batch, window);
        });
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

    /** Samples of another node, or of a former process. */
    private void heard(TenantId tenant, int[] refs, long[] timestamps, double[] values, byte[] verdicts, int count) {
        publish(tenant, refs, timestamps, values, verdicts, count);
        if (log != null) {
            followed.accept(new FollowedSamples(tenant, count));
        }
    }

    /** Has somebody told of what other nodes take. */
    void onFollowed(Consumer<FollowedSamples> listener) {
        followed = listener;
    }

    private void publish(
            TenantId tenant, int[] offered, long[] times, double[] offeredValues, byte[] verdicts, int count) {
        if (!fresh.hasSubscribers() || count == 0) {
            return;
        }
        int[] refs = new int[count];
        long[] timestamps = new long[count];
        double[] values = new double[count];
        byte accepted = Verdict.ACCEPTED.code();
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (verdicts[i] == accepted) {
                refs[kept] = offered[i];
                timestamps[kept] = times[i];
                values[kept] = offeredValues[i];
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

    /** Writes everything acknowledged so far to packs, truncates the log and frees memory. */
    void flushNow() throws InterruptedException {
        duty().flushNow();
    }

    /** Has everything acknowledged so far written to packs, by whichever node does that. */
    void flushAnywhere(Duration patience) throws InterruptedException {
        duty().flushAnywhere(patience);
    }

    private FlushDuty duty() {
        FlushDuty flushes = duty;
        if (flushes == null) {
            throw new IllegalStateException("storage has not started");
        }
        return flushes;
    }

    /** Whether this node does what only one may do. */
    boolean leads() {
        return node.leads();
    }

    /** Has something done every now and then, and before each flush of another node. */
    void regularly(Runnable chore) {
        chores.add(chore);
    }

    /** Hides samples of some series from all reads that begin from now on. */
    void hide(TenantId tenant, Tombstones.Deletion deletion) {
        tombstones.add(tenant, deletion);
    }

    /** Refs of a tenant's series, by stored id; those that other nodes have created are looked up. */
    Map<Long, Integer> refs(TenantId tenant, Collection<Long> ids) {
        Map<Long, Integer> known = knownRefs(tenant, ids);
        if (known.size() == ids.size()) {
            return known;
        }
        jdbc.run(tenant, connection -> registry.follow(connection, tenant, ids, new SeriesIds()));
        return knownRefs(tenant, ids);
    }

    private Map<Long, Integer> knownRefs(TenantId tenant, Collection<Long> ids) {
        Set<Long> wanted = Set.copyOf(ids);
        Map<Long, Integer> refs = new HashMap<>();
        index(tenant).match(List.of()).forEach((IntConsumer) ref -> {
            if (wanted.contains(head.seriesId(ref))) {
                refs.put(head.seriesId(ref), ref);
            }
        });
        return refs;
    }

    /**
     * Keeps senders of this node from series that another node erases; returns when none is at it any more.
     *
     * @throws AuspexException UNAVAILABLE when one does not end
     */
    synchronized void close(TenantId tenant, Collection<Integer> refs) {
        RoaringBitmap more = closed.clone();
        refs.forEach(more::add);
        registry.close(tenant, refs);
        closed = more;
        try {
            if (!appends.awaitReaders(Duration.ofSeconds(10))) {
                throw new AuspexException(Code.UNAVAILABLE, "a request does not end that may write to erased series");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuspexException(Code.UNAVAILABLE, "the server is shutting down", e);
        }
    }

    /** Lets senders write again to series that another node has not erased, and forgets those that it has. */
    synchronized void reopen(TenantId tenant, Collection<Integer> refs, Set<Integer> gone) {
        RoaringBitmap fewer = closed.clone();
        refs.forEach(fewer::remove);
        registry.reopen(tenant, refs, gone);
        closed = fewer;
    }

    /** Lets go of what another node has erased; false when it has to be tried again. */
    boolean drop(TenantId tenant, Tombstones.Deletion deletion, Collection<Integer> refs) {
        try {
            boolean dropped = duty().drop(tenant, deletion, refs);
            if (dropped) {
                packs.cache().forget(tenant);
            }
            return dropped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What others have to be told about series that are gone. */
    Erasure.Outcome outcome(TenantId tenant, Collection<Integer> gone) {
        return Erasure.outcome(index(tenant), gone, 0);
    }

    ErasedSeries erased(TenantId tenant, Erasure.Outcome outcome) {
        return new ErasedSeries(tenant, outcome.series(), Erasure.values(index(tenant), outcome.series()));
    }

    long epoch() {
        return node.epoch();
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
        FlushDuty flushes = duty();
        return flushes.exclusively(() -> {
            if (!flushes.flush(true)) {
                return Optional.empty();
            }
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
                    () -> open.awaitApplied(open.cut().generation()));
            Erasure.Outcome outcome = erasure.run(tenant, refs, deletion, tell, done);
            packs.cache().forget(tenant);
            tombstones.remove(tenant, deletion.request());
            return Optional.of(outcome);
        });
    }

    LabelIndex index(TenantId tenant) {
        return registry.of(tenant).index;
    }

    StorageFigures figures() {
        DurableLog open = log;
        FlushDuty flushes = duty;
        return new StorageFigures(
                head.activeSeries(),
                head.bytes(),
                registry.tenants().stream()
                        .mapToLong(tenant -> registry.of(tenant).index.bytes())
                        .sum(),
                registry.created(),
                registry.refused(),
                readers.readers(),
                open == null || flushes == null ? StorageFigures.Log.NONE : StorageFigures.Log.of(open, flushes),
                StorageFigures.Spool.of(spool, spoolReplay),
                flushes == null ? StorageFigures.Flush.NONE : flushes.last(),
                flushes == null ? StorageFigures.Following.NOBODY : flushes.following(),
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
        FlushDuty flushes = duty;
        if (flushes != null) {
            flushes.close();
        }
        DurableLog open = log;
        if (open != null) {
            open.close();
        }
        spool.close();
        join(flusher);
        join(replayer);
        NodeLoop following = loop;
        if (following != null) {
            following.close();
        }
        fresh.close();
        helpers.shutdown();
    }

    private static void join(@Nullable Thread running) {
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(30).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
