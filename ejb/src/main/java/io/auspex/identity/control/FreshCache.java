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
 * <p>While the database does not answer, what it said last is believed for a bounded time, so that ingestion can go on
 * into the spool; nobody can revoke anything during that time either. Absence is cached too, but never believed when
 * stale. One look-up per key at a time.
 */
final class FreshCache<K, V> {
    static final Duration FRESH = Duration.ofSeconds(1);
    /** More than anybody is believed for. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final int MAX_ENTRIES = 20_000;

    private final Ticker ticker;
    private final Supplier<Duration> grace;
    private final Cache<K, Entry<V>> entries;

    private record Entry<V>(Optional<V> value, long loadedAtNanos, long checkedAtNanos) {}

    /** @param grace how long the last positive answer is believed while the database does not answer */
    FreshCache(Ticker ticker, Supplier<Duration> grace) {
        this.ticker = ticker;
        this.grace = grace;
        this.entries = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(KEPT)
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
                    && now - before.loadedAtNanos() < grace.get().toNanos()) {
                return new Entry<>(before.value(), before.loadedAtNanos(), now);
            }
            throw e;
        }
    }

    private boolean fresh(Entry<V> entry) {
        return ticker.read() - entry.checkedAtNanos() < FRESH.toNanos();
    }
}
