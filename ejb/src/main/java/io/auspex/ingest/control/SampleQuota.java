package io.auspex.ingest.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.TenantId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many samples a second each tenant may send, with bursts of ten seconds' worth.
 *
 * <p>A request is taken whole while anything is left, and may overdraw; the next ones wait until that is made up for.
 */
final class SampleQuota {
    private static final double BURST_SECONDS = 10;

    private final ConcurrentHashMap<TenantId, Bucket> buckets = new ConcurrentHashMap<>();

    private static final class Bucket {
        double left;
        long nanos;
        int perSecond;

        /** Fills up, to the brim when the limit is new. */
        void fill(int limit, long now) {
            double most = limit * BURST_SECONDS;
            double gained = (now - nanos) / 1e9 * limit;
            left = perSecond == limit ? Math.min(most, left + gained) : most;
            perSecond = limit;
            nanos = now;
        }
    }

    /**
     * Lets a request in, or not.
     *
     * @param perSecond the tenant's limit, 0 for none
     * @throws AuspexException QUOTA_EXCEEDED when the tenant has sent more than that
     */
    void admit(TenantId tenant, int perSecond) {
        if (perSecond == 0) {
            buckets.remove(tenant);
            return;
        }
        Bucket bucket = buckets.computeIfAbsent(tenant, absent -> new Bucket());
        synchronized (bucket) {
            bucket.fill(perSecond, System.nanoTime());
            if (bucket.left <= 0) {
                Duration wait = Duration.ofMillis((long) (-bucket.left / perSecond * 1000) + 1);
                throw new AuspexException(
                        Code.QUOTA_EXCEEDED,
                        "more than " + perSecond + " samples a second, the limit of the tenant; free again in "
                                + wait.toMillis() + " ms");
            }
        }
    }

    /** Counts the samples of a request that was let in, here or on another node. */
    void charge(TenantId tenant, long samples) {
        Bucket bucket = buckets.get(tenant);
        if (bucket != null) {
            synchronized (bucket) {
                bucket.left -= samples;
            }
        }
    }
}
