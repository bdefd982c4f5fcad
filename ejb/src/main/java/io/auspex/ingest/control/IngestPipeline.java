package io.auspex.ingest.control;

import io.auspex.ingest.Account;
import io.auspex.ingest.DecodedBatch;
import io.auspex.ingest.Protocol;
import io.auspex.ingest.Reason;
import io.auspex.platform.Meters;
import io.auspex.series.AppendBatch;
import io.auspex.series.AppendWindow;
import io.auspex.series.Exemplar;
import io.auspex.series.ExemplarStore;
import io.auspex.series.Labels;
import io.auspex.series.MetricMetadataStore;
import io.auspex.series.NativeHistogram;
import io.auspex.series.NewSeries;
import io.auspex.series.SampleAppender;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesExemplar;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.SeriesLimit;
import io.auspex.series.StaleMarker;
import io.auspex.series.Verdict;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples in: resolves their series, registers new ones, makes everything durable, and accounts for what is
 * refused.
 */
@ApplicationScoped
public class IngestPipeline {
    @Inject
    SampleAppender appender;

    @Inject
    SampleStore samples;

    @Inject
    MetricMetadataStore metadata;

    @Inject
    IngestSettings settings;

    @Inject
    IngestConfigStore config;

    @Inject
    CardinalityWatch watch;

    @Inject
    CardinalityHistory history;

    @Inject
    RejectLedger rejects;

    @Inject
    ExemplarStore exemplars;

    @Inject
    Meters meters;

    /** In place of a series: a sample that the request does not hold. */
    private static final int OURS = -1;

    private static final DeltaTotals.Outcome NO_DELTAS = new DeltaTotals.Outcome();

    private final CreatedTimestamps created = new CreatedTimestamps();
    private @Nullable DeltaTotals totals;

    private final ConcurrentLinkedQueue<Workspace> idle = new ConcurrentLinkedQueue<>();

    /** Columns of one request, kept for the next. */
    private static final class Workspace {
        final AppendBatch append = new AppendBatch();
        int[] sampleSeries = new int[256];
        int[] histogramSeries = new int[8];
    }

    /**
     * Stores a decoded request and accounts for it.
     *
     * @param account what decoding has refused already
     * @return the account, complete
     */
    Account write(TenantId tenant, Protocol protocol, DecodedBatch decoded, Account account) {
        Workspace work = borrow();
        try {
            AppendWindow window = settings.window();
            registerNew(tenant, decoded, window);
            DeltaTotals.Outcome deltas = decoded.hasDeltas() ? totals().accumulate(tenant, decoded) : NO_DELTAS;
            collect(decoded, deltas, window, work, account);
            if (work.append.count() + work.append.histogramCount() > 0) {
                append(tenant, work.append, window, deltas);
                judge(decoded, work, account);
            }
            storeExemplars(tenant, decoded, account);
            metadata.learn(tenant, decoded.metadata());
            record(tenant, protocol, account);
            return account;
        } finally {
            idle.add(work);
        }
    }

    /** Samples of series at one time, from within the process. */
    public Account local(TenantId tenant, List<Labels> series, long epochMillis, double[] values) {
        List<NewSeries> named = series.stream().map(NewSeries::of).toList();
        int[] refs = appender.register(tenant, named, SeriesLimit.OF_NODE);
        Account account = new Account();
        Workspace work = borrow();
        try {
            AppendBatch batch = work.append;
            batch.clear();
            for (int i = 0; i < refs.length; i++) {
                if (refs[i] < 0) {
                    account.reject(refusal(refs[i]), series.get(i).toString(), "");
                } else {
                    work.sampleSeries = fit(work.sampleSeries, batch.count());
                    work.sampleSeries[batch.count()] = i;
                    batch.add(refs[i], epochMillis, values[i]);
                }
            }
            AppendWindow window = settings.window();
            appender.append(tenant, batch, window);
            long written = 0;
            for (int i = 0; i < batch.count(); i++) {
                Verdict verdict = batch.verdict(i);
                if (verdict.isRejection()) {
                    account.reject(
                            reason(verdict), series.get(work.sampleSeries[i]).toString(), detail(epochMillis));
                } else {
                    written++;
                }
            }
            account.written(written, 0);
        } finally {
            idle.add(work);
        }
        record(tenant, Protocol.LOCAL, account);
        return account;
    }

    /** Writes a stale marker for each series that is known, at one time. */
    void stale(TenantId tenant, Collection<SeriesIdentity> ended, long epochMillis) {
        long[] highs = ended.stream().mapToLong(SeriesIdentity::high).toArray();
        long[] lows = ended.stream().mapToLong(SeriesIdentity::low).toArray();
        int[] refs = new int[highs.length];
        appender.find(tenant, highs, lows, 0, highs.length, refs);
        Workspace work = borrow();
        try {
            work.append.clear();
            for (int ref : refs) {
                if (ref >= 0) {
                    work.append.add(ref, epochMillis, StaleMarker.VALUE);
                }
            }
            if (work.append.count() > 0) {
                appender.append(tenant, work.append, settings.window());
            }
        } finally {
            idle.add(work);
        }
    }

    private Workspace borrow() {
        Workspace kept = idle.poll();
        return kept == null ? new Workspace() : kept;
    }

    private void registerNew(TenantId tenant, DecodedBatch decoded, AppendWindow window) {
        SampleTimes.refuseOutside(decoded, window);
        int first = decoded.nextNew(0);
        if (first < 0) {
            return;
        }
        List<NewSeries> series = new ArrayList<>();
        for (int i = first; i >= 0; i = decoded.nextNew(i + 1)) {
            series.add(new NewSeries(new SeriesIdentity(decoded.high(i), decoded.low(i)), decoded.labels(i)));
        }
        int[] refs = appender.register(tenant, series, config.effective(tenant).seriesLimit());
        for (int i = 0; i < refs.length; i++) {
            watch.note(tenant, series.get(i).labels(), refs[i] >= 0);
        }
        history.keep(tenant);
        int at = 0;
        for (int i = first; i >= 0; ) {
            int next = decoded.nextNew(i + 1);
            if (refs[at] < 0) {
                decoded.reject(i, refusal(refs[at]));
            } else {
                decoded.ref(i, refs[at]);
            }
            at++;
            i = next;
        }
    }

    /** Refuses a sample of a series that is refused, with the sample's own reason when that is its time. */
    private static void refuse(
            DecodedBatch decoded, int series, long epochMillis, AppendWindow window, Account account) {
        Reason reason = Objects.requireNonNull(decoded.reason(series));
        Reason time = reason == Reason.TOO_OLD ? SampleTimes.outside(epochMillis, window) : null;
        if (time == null) {
            refuse(decoded, series, reason, "", account);
        } else {
            refuse(decoded, series, time, detail(epochMillis), account);
        }
    }

    private void append(TenantId tenant, AppendBatch batch, AppendWindow window, DeltaTotals.Outcome deltas) {
        try {
            appender.append(tenant, batch, window);
        } catch (RuntimeException e) {
            deltas.undo();
            throw e;
        }
    }

    /** Made late, since its size is a setting. */
    private synchronized DeltaTotals totals() {
        DeltaTotals made = totals;
        if (made == null) {
            StoredTotals stored = new StoredTotals(samples);
            made = new DeltaTotals(
                    settings.deltaSeries(),
                    settings.deltaIdle(),
                    (tenant, series) -> stored.find(
                            tenant,
                            series,
                            settings.deltasSince(),
                            settings.window().newestMillis()));
            totals = made;
        }
        return made;
    }

    private void collect(
            DecodedBatch decoded, DeltaTotals.Outcome deltas, AppendWindow window, Workspace work, Account account) {
        AppendBatch append = work.append;
        append.clear();
        addZeros(decoded, window, work);
        int[] series = decoded.sampleSeries();
        work.sampleSeries = fit(work.sampleSeries, append.count() + decoded.sampleCount());
        for (int i = 0; i < decoded.sampleCount(); i++) {
            int ref = decoded.ref(series[i]);
            if (ref >= 0 && deltas.refused.get(i)) {
                refuse(decoded, series[i], Reason.DELTA_OUT_OF_ORDER, detail(decoded.timestamps()[i]), account);
            } else if (ref >= 0) {
                work.sampleSeries[append.count()] = series[i];
                append.add(ref, decoded.timestamps()[i], decoded.values()[i]);
            } else {
                refuse(decoded, series[i], decoded.timestamps()[i], window, account);
            }
        }
        work.histogramSeries = fit(work.histogramSeries, decoded.histogramCount());
        for (int i = 0; i < decoded.histogramCount(); i++) {
            int at = decoded.histogramSeries(i);
            NativeHistogram histogram = decoded.histogram(i);
            if (decoded.ref(at) < 0) {
                refuse(decoded, at, decoded.histogramTimestamp(i), window, account);
            } else if (deltas.refusedHistograms.get(i)) {
                refuse(decoded, at, Reason.DELTA_OUT_OF_ORDER, detail(decoded.histogramTimestamp(i)), account);
            } else if (histogram == null) {
                refuse(decoded, at, Objects.requireNonNull(decoded.histogramReason(i)), "", account);
            } else {
                work.histogramSeries[append.histogramCount()] = at;
                append.add(decoded.ref(at), decoded.histogramTimestamp(i), histogram);
            }
        }
    }

    /** Adds a zero where a series says that it began to count, since its first sample is not the first of its count. */
    private void addZeros(DecodedBatch decoded, AppendWindow window, Workspace work) {
        if (!settings.createdZeros() || !decoded.hasCreatedTimestamps()) {
            return;
        }
        for (int i = 0, last = -1; i < decoded.sampleCount(); i++) {
            int series = decoded.sampleSeries()[i];
            if (series == last) {
                continue;
            }
            last = series;
            int ref = decoded.ref(series);
            long began = decoded.createdTimestamp(series);
            if (ref >= 0
                    && began > 0
                    && began < decoded.timestamps()[i]
                    && began >= window.oldestMillis()
                    && created.isNew(ref, began)) {
                work.sampleSeries = fit(work.sampleSeries, work.append.count());
                work.sampleSeries[work.append.count()] = OURS;
                work.append.add(ref, began, 0);
            }
        }
    }

    private void storeExemplars(TenantId tenant, DecodedBatch decoded, Account account) {
        if (decoded.exemplarCount() == 0) {
            return;
        }
        List<SeriesExemplar> stored = new ArrayList<>();
        for (int i = 0; i < decoded.exemplarCount(); i++) {
            Exemplar exemplar = decoded.exemplar(i);
            int ref = decoded.ref(decoded.exemplarSeries(i));
            if (exemplar != null && ref >= 0) {
                stored.add(new SeriesExemplar(ref, exemplar));
            }
        }
        account.exemplars(exemplars.append(tenant, stored));
    }

    private static void judge(DecodedBatch decoded, Workspace work, Account account) {
        AppendBatch append = work.append;
        long samples = 0;
        byte[] verdicts = append.verdicts();
        for (int i = 0; i < append.count(); i++) {
            if (work.sampleSeries[i] == OURS) {
                continue;
            }
            if (verdicts[i] <= Verdict.DUPLICATE.code()) { // accepted or there already
                samples++;
            } else {
                Reason reason = reason(append.verdict(i));
                refuse(decoded, work.sampleSeries[i], reason, detail(append.timestamps()[i]), account);
            }
        }
        long histograms = 0;
        for (int i = 0; i < append.histogramCount(); i++) {
            Verdict verdict = append.histogramVerdict(i);
            if (verdict.isRejection()) {
                refuse(
                        decoded,
                        work.histogramSeries[i],
                        reason(verdict),
                        detail(append.histogramTimestamp(i)),
                        account);
            } else {
                histograms++;
            }
        }
        account.written(samples, histograms);
    }

    private static void refuse(DecodedBatch decoded, int series, Reason reason, String detail, Account account) {
        if (reason == Reason.DROPPED) {
            account.drop();
            return;
        }
        if (decoded.item(series) > 0) {
            account.refusedAt(decoded.item(series), reason);
        }
        if (account.knows(reason)) {
            account.rejectAgain(reason);
        } else {
            boolean readable = decoded.reason(series) == null;
            account.reject(reason, readable ? decoded.labels(series).toString() : decoded.describe(series), detail);
        }
    }

    private static String detail(long epochMillis) {
        return "timestamp " + epochMillis + " = " + Instant.ofEpochMilli(epochMillis);
    }

    /** Why a series got a ref that is none. */
    private static Reason refusal(int ref) {
        return switch (ref) {
            case SampleAppender.REFUSED_BY_METRIC -> Reason.METRIC_SERIES_LIMIT;
            case SampleAppender.REFUSED_BY_MEMORY -> Reason.MEMORY_LIMIT;
            default -> Reason.SERIES_LIMIT;
        };
    }

    private static Reason reason(Verdict verdict) {
        return switch (verdict) {
            case DUPLICATE_TIMESTAMP_DIFFERENT_VALUE -> Reason.DUPLICATE_TIMESTAMP;
            case TOO_OLD -> Reason.TOO_OLD;
            case TOO_FAR_IN_FUTURE -> Reason.TOO_FAR_IN_FUTURE;
            case SERIES_GONE -> Reason.SERIES_GONE;
            case ACCEPTED, DUPLICATE -> throw new IllegalArgumentException("not a rejection: " + verdict);
        };
    }

    private void record(TenantId tenant, Protocol protocol, Account account) {
        meters.counter("auspex_ingest_samples_total", "Samples stored, by protocol.", "protocol")
                .with(protocol.label())
                .add(account.samples() + account.histograms());
        if (account.dropped() > 0) {
            meters.counter("auspex_ingest_dropped_total", "Samples dropped by rules of their tenants.", "protocol")
                    .with(protocol.label())
                    .add(account.dropped());
        }
        if (account.rejected() > 0) {
            rejects.add(tenant, protocol.label(), account);
            account.refusals()
                    .forEach((reason, refusal) -> meters.counter(
                                    "auspex_ingest_rejected_total",
                                    "Samples refused, by protocol and reason.",
                                    "protocol",
                                    "reason")
                            .with(protocol.label(), reason.name().toLowerCase(java.util.Locale.ROOT))
                            .add(refusal.samples()));
        }
    }

    private static int[] fit(int[] array, int size) {
        return size < array.length ? array : Arrays.copyOf(array, Math.max(size + 1, array.length * 2));
    }
}
