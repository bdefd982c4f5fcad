package io.auspex.series.control;

import io.auspex.series.AppendBatch;
import io.auspex.series.AppendWindow;
import io.auspex.series.FreshSampleHub;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NewSeries;
import io.auspex.series.ReadCost;
import io.auspex.series.SampleColumn;
import io.auspex.series.SeriesCursor;
import io.auspex.series.SeriesLimit;
import io.auspex.series.Verdict;
import io.auspex.tenancy.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A storage engine on a test database, with samples written and read one by one. */
final class TestEngine implements AutoCloseable {
    static final StorageSettings SETTINGS = new StorageSettings(
            1_000,
            Duration.ofDays(1),
            Long.MAX_VALUE,
            Duration.ZERO,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            1 << 20,
            LogLimits.DEFAULT);

    final StorageEngine engine;
    final FreshSampleHub fresh = new FreshSampleHub(TestEngine::daemon, (name, failure) -> {
        throw new AssertionError(name, failure);
    });

    static final SpoolSettings NO_SPOOL = new SpoolSettings(Path.of("no-spool"), 0, Duration.ZERO, 0);

    private TestEngine(
            TestDatabase database, StorageSettings settings, NodeSettings node, Instant now, SpoolSettings spool) {
        engine = new StorageEngine(
                settings,
                node,
                database.dataSource,
                database.jdbc,
                TestEngine::daemon,
                Clock.fixed(now, ZoneOffset.UTC),
                fresh,
                spool);
        engine.start();
    }

    /** @param now what the engine's clock says, for as long as it runs */
    static TestEngine start(TestDatabase database, StorageSettings settings, Instant now) {
        return new TestEngine(database, settings, NodeSettings.DEFAULT, now, NO_SPOOL);
    }

    static TestEngine start(TestDatabase database, NodeSettings node, Instant now) {
        return new TestEngine(database, SETTINGS, node, now, NO_SPOOL);
    }

    static TestEngine start(TestDatabase database, Instant now, SpoolSettings spool) {
        return start(database, NodeSettings.DEFAULT, now, spool);
    }

    static TestEngine start(TestDatabase database, NodeSettings node, Instant now, SpoolSettings spool) {
        return new TestEngine(database, SETTINGS, node, now, spool);
    }

    static TestEngine start(TestDatabase database, Instant now) {
        return start(database, SETTINGS, now);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    Verdict write(TenantId tenant, Labels labels, long time, double value) {
        AppendBatch batch = new AppendBatch();
        batch.add(engine.register(tenant, List.of(NewSeries.of(labels)), SeriesLimit.OF_NODE)[0], time, value);
        engine.append(tenant, batch, AppendWindow.ALL);
        return batch.verdict(0);
    }

    /** Writes one sample of each series in one request. */
    void write(TenantId tenant, List<Labels> labels, List<Long> times, List<Double> values) {
        AppendBatch batch = new AppendBatch();
        int[] refs = engine.register(tenant, labels.stream().map(NewSeries::of).toList(), SeriesLimit.OF_NODE);
        for (int i = 0; i < refs.length; i++) {
            batch.add(refs[i], times.get(i), values.get(i));
        }
        engine.append(tenant, batch, AppendWindow.ALL);
    }

    Verdict write(TenantId tenant, Labels labels, long time, NativeHistogram histogram) {
        AppendBatch batch = new AppendBatch();
        batch.add(engine.register(tenant, List.of(NewSeries.of(labels)), SeriesLimit.OF_NODE)[0], time, histogram);
        engine.append(tenant, batch, AppendWindow.ALL);
        return batch.histogramVerdict(0);
    }

    /** Writes everything to packs and keeps nothing of it in memory. */
    void flush() {
        try {
            engine.flushNow();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All samples of a metric in a range: by series, by time; a histogram stands for itself, a float as its bits. */
    Map<Labels, Map<Long, Object>> read(TenantId tenant, String metric, long from, long to) {
        Map<Labels, Map<Long, Object>> found = new TreeMap<>();
        try (SeriesCursor cursor =
                engine.store().reader(tenant).select(List.of(Matcher.equal(Labels.METRIC_NAME, metric)), from, to)) {
            while (cursor.next()) {
                Map<Long, Object> samples = new TreeMap<>();
                SampleColumn column = cursor.samples();
                for (int i = 0; i < column.size(); i++) {
                    @Nullable NativeHistogram histogram = column.histogram(i);
                    Object sample =
                            histogram == null ? (Object) Double.doubleToRawLongBits(column.value(i)) : histogram;
                    if (samples.put(column.timestamp(i), sample) != null
                            || (i > 0 && column.timestamp(i) <= column.timestamp(i - 1))) {
                        throw new AssertionError("timestamps do not ascend strictly: " + column.timestamp(i));
                    }
                }
                if (found.put(cursor.labels(), samples) != null) {
                    throw new AssertionError("series twice: " + cursor.labels());
                }
            }
        }
        return found;
    }

    /** What it costs to read all samples of a metric. */
    ReadCost cost(TenantId tenant, String metric) {
        try (SeriesCursor cursor = engine.store()
                .reader(tenant)
                .select(List.of(Matcher.equal(Labels.METRIC_NAME, metric)), Long.MIN_VALUE, Long.MAX_VALUE)) {
            while (cursor.next()) {
                // to its end
            }
            return cursor.cost();
        }
    }

    Map<Labels, Map<Long, Object>> read(TenantId tenant, String metric) {
        return read(tenant, metric, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Whether series can be created while PostgreSQL is away. */
    boolean hasReserve() {
        return engine.outageSeries().available() > 0;
    }

    /** Does something while nothing is replayed from the spool. */
    void holdReplay(Runnable meanwhile) {
        synchronized (engine.spoolReplay()) {
            meanwhile.run();
        }
    }

    /** As after a kill: what waits in memory is gone, what the log has is not. */
    void kill() {
        engine.close();
    }

    @Override
    public void close() {
        engine.close();
    }
}
