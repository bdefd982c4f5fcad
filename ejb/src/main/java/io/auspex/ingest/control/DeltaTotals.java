package io.auspex.ingest.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.auspex.histogram.HistogramSum;
import io.auspex.histogram.Mismatch;
import io.auspex.ingest.DecodedBatch;
import io.auspex.series.Labels;
import io.auspex.series.NativeHistogram;
import io.auspex.series.SeriesIdentity;
import io.auspex.series.StaleMarker;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Running totals of series whose senders tell only differences (delta temporality).
 *
 * <p>A difference that is not later than the one before is refused, so that a request that is sent again counts once.
 * Totals are in memory. One that is not (after a restart, or when there were too many) goes on from the sample of the
 * series that was stored last; when the series was silent for longer than totals are kept, it begins at zero again, which
 * queries take for the reset of a counter.
 */
final class DeltaTotals {
    private static final int MOST_BUCKETS = 1 << 14;

    private final Cache<Key, Total> totals;
    private final Stored stored;

    /** Finds the latest samples of series. */
    @FunctionalInterface
    interface Stored {
        Map<SeriesIdentity, StoredTotals.Last> find(TenantId tenant, Collection<Labels> series);
    }

    DeltaTotals(long most, Duration idle, Stored stored) {
        this.stored = stored;
        totals = Caffeine.newBuilder().maximumSize(most).expireAfterAccess(idle).build();
    }

    private record Key(TenantId tenant, SeriesIdentity series) {}

    private static final class Total {
        long last = Long.MIN_VALUE;
        double value;

        @Nullable
        NativeHistogram histogram;
    }

    /** What became of one request's differences. */
    static final class Outcome {
        /** Float samples and histograms that are refused. */
        final BitSet refused = new BitSet();

        final BitSet refusedHistograms = new BitSet();
        private final List<Runnable> undo = new ArrayList<>();

        /** Takes the differences back, since they were not stored. */
        void undo() {
            undo.forEach(Runnable::run);
        }
    }

    /** Replaces the differences in a batch, the series of which are registered, by totals. */
    Outcome accumulate(TenantId tenant, DecodedBatch decoded) {
        Outcome outcome = new Outcome();
        goOn(tenant, decoded);
        for (int i = 0; i < decoded.sampleCount(); i++) {
            int series = decoded.sampleSeries()[i];
            if (decoded.isDelta(series) && decoded.ref(series) >= 0) {
                add(decoded, i, total(tenant, decoded, series), outcome);
            }
        }
        for (int i = 0; i < decoded.histogramCount(); i++) {
            int series = decoded.histogramSeries(i);
            if (decoded.isDelta(series) && decoded.ref(series) >= 0) {
                addHistogram(decoded, i, total(tenant, decoded, series), outcome);
            }
        }
        return outcome;
    }

    /** Takes up the totals of series that are not in memory from what is stored. */
    private void goOn(TenantId tenant, DecodedBatch decoded) {
        Map<Key, Labels> missing = new HashMap<>();
        for (int i = 0; i < decoded.seriesCount(); i++) {
            if (decoded.isDelta(i) && decoded.ref(i) >= 0) {
                Key key = key(tenant, decoded, i);
                if (totals.getIfPresent(key) == null) {
                    missing.put(key, decoded.labels(i));
                }
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        Map<SeriesIdentity, StoredTotals.Last> found = stored.find(tenant, missing.values());
        for (Key key : missing.keySet()) {
            Total total = new Total();
            StoredTotals.Last last = found.get(key.series());
            if (last != null) {
                total.last = last.epochMillis();
                total.value = last.histogram() == null ? last.value() : 0;
                total.histogram = last.histogram();
            }
            totals.asMap().putIfAbsent(key, total);
        }
    }

    private static Key key(TenantId tenant, DecodedBatch decoded, int series) {
        return new Key(tenant, new SeriesIdentity(decoded.high(series), decoded.low(series)));
    }

    private Total total(TenantId tenant, DecodedBatch decoded, int series) {
        return totals.get(key(tenant, decoded, series), absent -> new Total());
    }

    private static void add(DecodedBatch decoded, int sample, Total total, Outcome outcome) {
        long time = decoded.timestamps()[sample];
        double difference = decoded.values()[sample];
        synchronized (total) {
            if (time <= total.last || StaleMarker.is(difference)) {
                outcome.refused.set(sample);
                return;
            }
            long before = total.last;
            total.last = time;
            total.value += difference;
            decoded.value(sample, total.value);
            outcome.undo.add(() -> takeBack(total, time, before, difference));
        }
    }

    private static void takeBack(Total total, long time, long before, double difference) {
        synchronized (total) {
            total.value -= difference;
            total.last = total.last == time ? before : total.last;
        }
    }

    private static void addHistogram(DecodedBatch decoded, int index, Total total, Outcome outcome) {
        NativeHistogram difference = decoded.histogram(index);
        long time = decoded.histogramTimestamp(index);
        if (difference == null || difference.isStale()) {
            return;
        }
        synchronized (total) {
            if (time <= total.last) {
                outcome.refusedHistograms.set(index);
                return;
            }
            long before = total.last;
            NativeHistogram was = total.histogram;
            NativeHistogram sum = was == null ? difference : sum(was, difference);
            total.last = time;
            total.histogram = sum;
            decoded.histogram(index, sum);
            outcome.undo.add(() -> {
                synchronized (total) {
                    if (total.last == time) {
                        total.last = before;
                        total.histogram = was;
                    }
                }
            });
        }
    }

    /** Both together; with other custom bounds, or too many buckets between them, the difference begins anew. */
    private static NativeHistogram sum(NativeHistogram was, NativeHistogram difference) {
        boolean near = isNear(
                        was.positiveOffset(),
                        was.positive().length,
                        difference.positiveOffset(),
                        difference.positive().length)
                && isNear(
                        was.negativeOffset(),
                        was.negative().length,
                        difference.negativeOffset(),
                        difference.negative().length);
        HistogramSum sum = HistogramSum.of(was);
        return near && sum.add(difference) == Mismatch.NONE ? sum.toHistogram() : difference;
    }

    private static boolean isNear(int first, int length, int second, int secondLength) {
        if (length == 0 || secondLength == 0) {
            return true;
        }
        long end = Math.max((long) first + length, (long) second + secondLength);
        return end - Math.min(first, second) <= MOST_BUCKETS;
    }
}
