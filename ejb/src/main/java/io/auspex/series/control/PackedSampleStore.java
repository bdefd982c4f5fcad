package io.auspex.series.control;

import io.auspex.series.Head;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.ReadHint;
import io.auspex.series.SampleReader;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesCursor;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Executor;
import org.roaringbitmap.RoaringBitmap;

/**
 * Head and packs as one store. What the head has completely is read from memory alone, so that fresh data can be
 * asked for while PostgreSQL is away; older ranges then fail with UNAVAILABLE.
 */
final class PackedSampleStore implements SampleStore {
    /** The year 9999; no sample is later. */
    private static final long FAR_FUTURE = 253_370_764_800_000L;

    private final Head head;
    private final SeriesRegistry registry;
    private final PackStore packs;
    private final HeadFlush flush;
    private final ReadEpochs readers;
    private final Executor helpers;
    private final TierStore tiers;

    /** @param helpers decode ahead of queries; refuses when all of its threads are at work */
    PackedSampleStore(
            Head head,
            SeriesRegistry registry,
            PackStore packs,
            HeadFlush flush,
            ReadEpochs readers,
            Executor helpers,
            TierStore tiers) {
        this.head = head;
        this.registry = registry;
        this.packs = packs;
        this.flush = flush;
        this.readers = readers;
        this.helpers = helpers;
        this.tiers = tiers;
    }

    @Override
    public SampleReader reader(TenantId tenant) {
        return new Reader(tenant, registry.of(tenant).index);
    }

    private final class Reader implements SampleReader {
        private final TenantId tenant;
        private final LabelIndex index;

        Reader(TenantId tenant, LabelIndex index) {
            this.tenant = tenant;
            this.index = index;
        }

        @Override
        public SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis) {
            return select(matchers, fromMillis, toMillis, ReadHint.SAMPLES);
        }

        @Override
        public SeriesCursor select(List<Matcher> matchers, long fromMillis, long toMillis, ReadHint hint) {
            int[] refs = index.match(matchers).toArray();
            return new MergeCursor(
                    tenant,
                    index,
                    refs,
                    fromMillis,
                    toMillis,
                    head,
                    registry,
                    packs,
                    flush,
                    readers,
                    helpers,
                    tiers,
                    hint);
        }

        @Override
        public List<Labels> series(List<Matcher> matchers, long fromMillis, long toMillis) {
            int[] refs = matching(matchers, fromMillis, toMillis).toArray();
            List<Labels> found = new ArrayList<>(refs.length);
            for (int ref : refs) {
                Optional.ofNullable(index.labels(ref)).ifPresent(found::add);
            }
            return found;
        }

        @Override
        public int count(List<Matcher> matchers) {
            return index.match(matchers).getCardinality();
        }

        @Override
        public SortedSet<String> labelNames(List<Matcher> matchers, long fromMillis, long toMillis) {
            return matchers.isEmpty() && isAllTime(fromMillis, toMillis)
                    ? index.labelNames()
                    : index.labelNames(matching(matchers, fromMillis, toMillis));
        }

        @Override
        public SortedSet<String> labelValues(String name, List<Matcher> matchers, long fromMillis, long toMillis) {
            return matchers.isEmpty() && isAllTime(fromMillis, toMillis)
                    ? index.labelValues(name)
                    : index.labelValues(name, matching(matchers, fromMillis, toMillis));
        }

        private RoaringBitmap matching(List<Matcher> matchers, long fromMillis, long toMillis) {
            RoaringBitmap refs = index.match(matchers);
            if (isAllTime(fromMillis, toMillis)) {
                return refs;
            }
            // in this order, as in MergeCursor: what is flushed meanwhile is not released before we leave
            long epoch = readers.enter();
            try {
                return new SeriesInRange(tenant, head, registry, packs, tiers, fromMillis, toMillis)
                        .of(refs, flush.headStart(tenant));
            } finally {
                readers.exit(epoch);
            }
        }
    }

    /** Whether a range leaves nothing out, so that nobody has to look who has samples in it. */
    private static boolean isAllTime(long fromMillis, long toMillis) {
        return fromMillis <= 0 && toMillis >= FAR_FUTURE;
    }
}
