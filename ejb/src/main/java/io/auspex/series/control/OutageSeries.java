package io.auspex.series.control;

import io.auspex.codec.SpoolFormat;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Series that are created while PostgreSQL is away: they get ids that were taken beforehand, and stand in the spool
 * before their samples.
 */
final class OutageSeries {
    private final Spool spool;
    private final int wanted;
    private final Clock clock;
    private final Set<Long> unstored = ConcurrentHashMap.newKeySet();
    private long[] reserve = {};
    private int used;

    OutageSeries(Spool spool, int wanted, Clock clock) {
        this.spool = spool;
        this.wanted = wanted;
        this.clock = clock;
    }

    /** Whether series go to the spool at this moment. */
    boolean isActive() {
        return spool.isActive();
    }

    boolean isPossible() {
        return spool.isEnabled();
    }

    /**
     * Ids of new series.
     *
     * @throws AuspexException UNAVAILABLE when too few were taken beforehand
     */
    synchronized long[] ids(int count) {
        if (count > reserve.length - used) {
            throw new AuspexException(
                    Code.UNAVAILABLE, "the database is not available and " + wanted + " series are new since");
        }
        long[] taken = Arrays.copyOfRange(reserve, used, used + count);
        used += count;
        return taken;
    }

    /** Ids that are left for new series. */
    synchronized int available() {
        return reserve.length - used;
    }

    /** Returns when the series are on the disk. */
    void keep(TenantId tenant, List<SpoolFormat.Series> series) {
        spool.append(SpoolFormat.series(tenant.value(), clock.millis(), series));
        series.forEach(one -> unstored.add(one.id()));
    }

    /** Whether an id is known to this node alone. */
    boolean isUnstored(long id) {
        return unstored.contains(id);
    }

    /** Tells that series are in the database, under their ids or those of others. */
    void stored(List<SpoolFormat.Series> series) {
        series.forEach(one -> unstored.remove(one.id()));
    }

    /** Takes ids beforehand when half of them are gone. */
    void replenish(SeriesRegistry registry) {
        int missing;
        synchronized (this) {
            missing = spool.isEnabled() && reserve.length - used <= wanted / 2 ? wanted - (reserve.length - used) : 0;
        }
        if (missing > 0) {
            long[] more = registry.nextIds(missing);
            synchronized (this) {
                long[] joined = Arrays.copyOf(more, more.length + reserve.length - used);
                System.arraycopy(reserve, used, joined, more.length, reserve.length - used);
                reserve = joined;
                used = 0;
            }
        }
    }
}
