package io.auspex.series.control;

import io.auspex.series.Head;
import io.auspex.series.LabelIndex;
import io.auspex.series.Labels;
import io.auspex.series.Matcher;
import io.auspex.series.SampleReader;
import io.auspex.series.SampleStore;
import io.auspex.series.SeriesCursor;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Head and packs as one store. What the head has completely is read from memory alone, so that fresh data can be
 * asked for while PostgreSQL is away; older ranges then fail with UNAVAILABLE.
 */
final class PackedSampleStore implements SampleStore {
    private final Head head;
    private final SeriesRegistry registry;
    private final PackStore packs;
    private final HeadFlush flush;
    private final ReadEpochs readers;

    PackedSampleStore(Head head, SeriesRegistry registry, PackStore packs, HeadFlush flush, ReadEpochs readers) {
        this.head = head;
        this.registry = registry;
        this.packs = packs;
        this.flush = flush;
        this.readers = readers;
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
            int[] refs = index.match(matchers).toArray();
            return new MergeCursor(tenant, index, refs, fromMillis, toMillis, head, registry, packs, flush, readers);
        }

        @Override
        public List<Labels> series(List<Matcher> matchers, long fromMillis, long toMillis) {
            int[] refs = index.match(matchers).toArray();
            List<Labels> found = new ArrayList<>(refs.length);
            for (int ref : refs) {
                Optional.ofNullable(index.labels(ref)).ifPresent(found::add);
            }
            return found;
        }

        @Override
        public SortedSet<String> labelNames(List<Matcher> matchers, long fromMillis, long toMillis) {
            return matchers.isEmpty() ? index.labelNames() : index.labelNames(index.match(matchers));
        }

        @Override
        public SortedSet<String> labelValues(String name, List<Matcher> matchers, long fromMillis, long toMillis) {
            return matchers.isEmpty() ? index.labelValues(name) : index.labelValues(name, index.match(matchers));
        }
    }
}
