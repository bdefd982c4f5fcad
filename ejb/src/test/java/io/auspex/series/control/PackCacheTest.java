package io.auspex.series.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.codec.PackWriter;
import io.auspex.tenancy.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackCacheTest {
    private static final TenantId ACME = new TenantId(1);
    private static final TenantId GLOBEX = new TenantId(2);

    private final List<PackCache.Key> asked = new ArrayList<>();
    private final Map<PackCache.Key, byte[]> stored = new HashMap<>();

    @Test
    void packs_loadsWhatIsMissing_inTheOrderOfTheKeys() {
        PackCache cache = new PackCache(1 << 20);
        PackCache.Key first = store(ACME, 1, 1);
        PackCache.Key second = store(ACME, 2, 1);
        assertThat(ids(cache, second)).containsExactly(2L);

        assertThat(ids(cache, first, second)).containsExactly(1L, 2L);

        assertThat(asked).containsExactly(second, first);
        assertThat(cache.hits()).isOne();
        assertThat(cache.misses()).isEqualTo(2);
    }

    @Test
    void packs_tellsTenantsAndVersionsApart() {
        PackCache cache = new PackCache(1 << 20);
        PackCache.Key old = store(ACME, 1, 1);
        ids(cache, old);
        PackCache.Key newer = new PackCache.Key(ACME, 1, 0, 0, 2);
        stored.put(newer, pack(11));
        PackCache.Key others = new PackCache.Key(GLOBEX, 1, 0, 0, 1);
        stored.put(others, pack(21));

        assertThat(ids(cache, newer)).containsExactly(11L);
        assertThat(ids(cache, others)).containsExactly(21L);
        assertThat(ids(cache, old)).containsExactly(1L);
    }

    @Test
    void packs_leavesOutWhatIsGone_andAsksForItAgain() {
        PackCache cache = new PackCache(1 << 20);
        PackCache.Key gone = new PackCache.Key(ACME, 3, 0, 0, 1);

        assertThat(ids(cache, gone)).isEmpty();
        assertThat(ids(cache, gone)).isEmpty();

        assertThat(asked).containsExactly(gone, gone);
    }

    @Test
    void packs_holdsNoMoreThanItMay() {
        PackCache cache = new PackCache(10_000);
        for (int segment = 1; segment <= 100; segment++) {
            ids(cache, store(ACME, segment, 1));
        }

        assertThat(cache.bytes()).isBetween(1_000L, 10_000L);
    }

    private PackCache.Key store(TenantId tenant, long segment, long version) {
        PackCache.Key key = new PackCache.Key(tenant, segment, 0, 0, version);
        stored.put(key, pack(segment));
        return key;
    }

    private static byte[] pack(long seriesId) {
        try (PackWriter writer = new PackWriter(PackStore.FRAME_MILLIS)) {
            writer.add(seriesId, new long[] {1}, new double[] {1}, null, 1);
            return writer.finish();
        }
    }

    private List<Long> ids(PackCache cache, PackCache.Key... keys) {
        return cache
                .packs(List.of(keys), missing -> {
                    asked.addAll(missing);
                    Map<PackCache.Key, byte[]> found = new HashMap<>(stored);
                    found.keySet().retainAll(missing);
                    return found;
                })
                .stream()
                .map(pack -> pack.directory().seriesId(0))
                .toList();
    }
}
