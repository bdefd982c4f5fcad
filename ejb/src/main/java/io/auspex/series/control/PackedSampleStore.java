package io.auspex.series.control;

import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.ReadHint;
import io.auspex.series.SampleReader;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesCursor;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Head and packs as one store. What the head has completely is read from memory alone, so that fresh data can be
 * asked for while PostgreSQL is away; older ranges then fail with UNAVAILABLE.
 */
final class PackedSampleStore implements SampleStore {
    /** The year 9999; no sample is later. */
    private static final long FAR_FUTURE = 253_370_764_800_000L;

    private final SampleSources sources;
    private final SeriesRegistry registry;
    private final TierStore tiers;
    private final Tombstones tombstones;

    PackedSampleStore(SampleSources sources, Tombstones tombstones) {
        this.sources = sources;
        this.registry = sources.registry();
        this.tiers = sources.tiers();
        this.tombstones = tombstones;
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
            return select(index.match(matchers), fromMillis, toMillis, hint, tombstones.of(tenant));
        }

        private SeriesCursor select(
                RoaringBitmap refs, long fromMillis, long toMillis, ReadHint hint, Tombstones.Hidden hidden) {
            return new MergeCursor(
                    sources,
                    new MergeCursor.Selection(tenant, index, refs.toArray(), fromMillis, toMillis, hint, hidden));
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
            return matching(matchers, 0, FAR_FUTURE).getCardinality();
        }

        @Override
        public SortedSet<String> labelNames(List<Matcher> matchers, long fromMillis, long toMillis) {
            return isEverything(matchers, fromMillis, toMillis)
                    ? index.labelNames()
                    : index.labelNames(matching(matchers, fromMillis, toMillis));
        }

        @Override
        public SortedSet<String> labelValues(String name, List<Matcher> matchers, long fromMillis, long toMillis) {
            return isEverything(matchers, fromMillis, toMillis)
                    ? index.labelValues(name)
                    : index.labelValues(name, matching(matchers, fromMillis, toMillis));
        }

        private boolean isEverything(List<Matcher> matchers, long fromMillis, long toMillis) {
            return matchers.isEmpty()
                    && isAllTime(fromMillis, toMillis)
                    && tombstones.of(tenant).isEmpty();
        }

        private RoaringBitmap matching(List<Matcher> matchers, long fromMillis, long toMillis) {
            RoaringBitmap refs = index.match(matchers);
            Tombstones.Hidden hidden = tombstones.of(tenant);
            RoaringBitmap touched = hidden.touched(refs);
            if (touched.isEmpty()) {
                return inRange(refs, fromMillis, toMillis);
            }
            RoaringBitmap found = inRange(RoaringBitmap.andNot(refs, touched), fromMillis, toMillis);
            found.or(visible(touched, fromMillis, toMillis, hidden));
            return found;
        }

        /** Of series of which something is deleted, those that have something left in a range. */
        private RoaringBitmap visible(RoaringBitmap touched, long fromMillis, long toMillis, Tombstones.Hidden hidden) {
            Map<Tombstones.Stretch, RoaringBitmap> stretches = new HashMap<>();
            touched.forEach((IntConsumer) ref -> hidden.visible(ref, fromMillis, toMillis)
                    .forEach(stretch -> stretches
                            .computeIfAbsent(stretch, absent -> new RoaringBitmap())
                            .add(ref)));
            long endedTo = tiers.endedTo(tenant);
            RoaringBitmap found = new RoaringBitmap();
            stretches.forEach((stretch, refs) -> found.or(
                    stretch.needsALook(endedTo)
                            ? withSamples(refs, stretch, hidden)
                            : inSomeRange(refs, stretch.fromMillis(), stretch.toMillis())));
            return found;
        }

        /** Exactly: a chunk or a rolled-up day that reaches over the edge of a deletion need not have samples here. */
        private RoaringBitmap withSamples(RoaringBitmap refs, Tombstones.Stretch stretch, Tombstones.Hidden hidden) {
            RoaringBitmap found = new RoaringBitmap();
            refs.forEach((IntConsumer) ref -> {
                try (SeriesCursor cursor = select(
                        RoaringBitmap.bitmapOf(ref),
                        stretch.fromMillis(),
                        stretch.toMillis(),
                        ReadHint.SAMPLES,
                        hidden)) {
                    if (cursor.next()) {
                        found.add(ref);
                    }
                }
            });
            return found;
        }

        private RoaringBitmap inRange(RoaringBitmap refs, long fromMillis, long toMillis) {
            return isAllTime(fromMillis, toMillis) ? refs : inSomeRange(refs, fromMillis, toMillis);
        }

        private RoaringBitmap inSomeRange(RoaringBitmap refs, long fromMillis, long toMillis) {
            // in this order, as in MergeCursor: what is flushed meanwhile is not released before we leave
            long epoch = sources.readers().enter();
            try {
                return new SeriesInRange(tenant, sources.head(), registry, sources.packs(), tiers, fromMillis, toMillis)
                        .of(refs, sources.flush().headStart(tenant));
            } finally {
                sources.readers().exit(epoch);
            }
        }
    }

    /** Series without a visible sample, since all that they have is deleted. */
    RoaringBitmap gone(TenantId tenant) {
        LabelIndex index = registry.of(tenant).index;
        Tombstones.Hidden hidden = tombstones.of(tenant);
        if (hidden.isEmpty()) {
            return new RoaringBitmap();
        }
        RoaringBitmap touched = hidden.touched(index.match(List.of()));
        return RoaringBitmap.andNot(touched, new Reader(tenant, index).visible(touched, 0, FAR_FUTURE, hidden));
    }

    /** Of some series, those with visible samples in a range. */
    RoaringBitmap matching(TenantId tenant, List<Matcher> matchers, long fromMillis, long toMillis) {
        return new Reader(tenant, registry.of(tenant).index).matching(matchers, fromMillis, toMillis);
    }

    /** Whether a range leaves nothing out, so that nobody has to look who has samples in it. */
    private static boolean isAllTime(long fromMillis, long toMillis) {
        return fromMillis <= 0 && toMillis >= FAR_FUTURE;
    }
}
