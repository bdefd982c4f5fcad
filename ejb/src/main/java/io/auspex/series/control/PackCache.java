package io.auspex.series.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.auspex.codec.PackDirectory;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Packs that queries have read of late, so that a dashboard that asks again fetches none of their bytes. It never says
 * that there is a pack: whoever asks has the keys from PostgreSQL, under row level security.
 */
final class PackCache {
    private static final Duration IDLE = Duration.ofMinutes(10);

    /** What key, entry and directory take beside the bytes, about. */
    private static final int OVERHEAD = 1_024;

    /**
     * One version of a stored pack.
     *
     * @param version of the row, in PostgreSQL's count of transactions
     */
    record Key(TenantId tenant, long segment, long start, long generation, long version) {}

    /** Brings the bytes of packs; leaves out those that are gone. */
    @FunctionalInterface
    interface Loader {
        Map<Key, byte[]> load(List<Key> keys);
    }

    private final Cache<Key, PackStore.Pack> packs;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    PackCache(long maxBytes) {
        packs = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, PackStore.Pack pack) -> pack.data().length + OVERHEAD)
                .expireAfterAccess(IDLE)
                .executor(Runnable::run)
                .build();
    }

    /** The packs of some keys in their order, without those that are gone. */
    List<PackStore.Pack> packs(List<Key> keys, Loader loader) {
        Map<Key, PackStore.Pack> known = packs.getAllPresent(keys);
        List<Key> missing = new ArrayList<>();
        for (Key key : keys) {
            if (!known.containsKey(key)) {
                missing.add(key);
            }
        }
        hits.add(known.size());
        misses.add(missing.size());
        Map<Key, byte[]> loaded = missing.isEmpty() ? Map.of() : loader.load(missing);
        List<PackStore.Pack> found = new ArrayList<>(keys.size());
        for (Key key : keys) {
            PackStore.Pack pack = known.get(key);
            byte[] bytes = pack == null ? loaded.get(key) : null;
            if (bytes != null) {
                pack = new PackStore.Pack(key.segment(), PackDirectory.parse(bytes), bytes);
                packs.put(key, pack);
            }
            if (pack != null) {
                found.add(pack);
            }
        }
        return found;
    }

    /** Lets go of everything of a tenant, since some of it must not be kept. */
    void forget(TenantId tenant) {
        packs.asMap().keySet().removeIf(key -> key.tenant().equals(tenant));
    }

    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }

    /** Bytes of heap that are taken, about. */
    long bytes() {
        return packs.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }
}
