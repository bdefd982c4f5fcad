package io.auspex.identity.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the database said about a credential, for at most {@link #FRESH}: a revocation holds on every node after that.
 *
 * <p>While the database does not answer, what it said last is believed for {@link #STALE}, so that ingestion can go on
 * into the spool; nobody can revoke anything during that time either. Absence is cached too, but never believed when
 * stale. One look-up per key at a time.
 */
final class FreshCache<K, V> {
    static final Duration FRESH = Duration.ofSeconds(1);
    static final Duration STALE = Duration.ofMinutes(15);
    private static final int MAX_ENTRIES = 20_000;

    private final Ticker ticker;
    private final Cache<K, Entry<V>> entries;

    private record Entry<V>(Optional<V> value, long loadedAtNanos, long checkedAtNanos) {}

    FreshCache(Ticker ticker) {
        this.ticker = ticker;
        this.entries = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(STALE)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    Optional<V> get(K key, Supplier<Optional<V>> database) {
        Entry<V> known = entries.getIfPresent(key);
        if (known != null && fresh(known)) {
            return known.value();
        }
        Entry<V> looked = entries.asMap()
                .compute(key, (k, before) -> before != null && fresh(before) ? before : look(before, database));
        return looked.value();
    }

    void forget(K key) {
        entries.invalidate(key);
    }

    private Entry<V> look(@Nullable Entry<V> before, Supplier<Optional<V>> database) {
        try {
            Optional<V> value = database.get();
            long now = ticker.read();
            return new Entry<>(value, now, now);
        } catch (AuspexException e) {
            long now = ticker.read();
            if (e.code() == Code.UNAVAILABLE
                    && before != null
                    && before.value().isPresent()
                    && now - before.loadedAtNanos() < STALE.toNanos()) {
                return new Entry<>(before.value(), before.loadedAtNanos(), now);
            }
            throw e;
        }
    }

    private boolean fresh(Entry<V> entry) {
        return ticker.read() - entry.checkedAtNanos() < FRESH.toNanos();
    }
}
