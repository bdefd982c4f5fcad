package io.auspex.series.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * How the store is doing, over all tenants of this server.
 *
 * @param activeSeries series with samples in memory
 * @param headBytes heap that the head holds
 * @param indexBytes heap that the label indexes hold
 * @param createdSeries series created since the start
 * @param refusedSeries series refused since the start because their tenant is at its limit
 * @param readers queries that are reading samples at this moment
 * @param droppedFresh samples that listeners have missed, by listener
 */
record StorageFigures(
        int activeSeries,
        long headBytes,
        long indexBytes,
        long createdSeries,
        long refusedSeries,
        int readers,
        Log log,
        Spool spool,
        Flush flush,
        Following following,
        Replay replay,
        Cache packCache,
        Map<String, Long> droppedFresh) {

    /**
     * The packs that queries have read of late.
     *
     * @param hits packs that were there when a query needed them
     * @param misses packs that had to be fetched
     */
    record Cache(long bytes, long hits, long misses) {}

    /**
     * The durable log.
     *
     * @param pendingBytes log bytes not yet in packs: what a restart has to replay
     * @param commitP99 99th percentile of the time that a commit took
     */
    record Log(
            long generation,
            long pendingBytes,
            long queuedBytes,
            long commits,
            long failures,
            long refusedRequests,
            Duration commitP50,
            Duration commitP99) {
        static final Log NONE = new Log(0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

        static Log of(DurableLog log, FlushDuty flushes) {
            return new Log(
                    log.generation(),
                    flushes.pendingBytes(),
                    log.queuedBytes(),
                    log.commits(),
                    log.failures(),
                    log.refused(),
                    Duration.ofNanos(log.commitMicrosAt(0.5) * 1_000),
                    Duration.ofNanos(log.commitMicrosAt(0.99) * 1_000));
        }
    }

    /**
     * This node among others.
     *
     * @param leads whether it is the one that writes packs
     * @param others nodes that were seen of late
     * @param records of the log that others wrote and this one has read
     * @param lagP50 median age of those when they were read
     */
    record Following(boolean leads, int others, long records, Duration lagP50, Duration lagP99) {
        static final Following NOBODY = new Following(false, 0, 0, Duration.ZERO, Duration.ZERO);
    }

    /**
     * What lies on the node's own disk because PostgreSQL did not take it.
     *
     * @param full whether more is refused
     * @param age how long the oldest record has lain there
     * @param records records written since the start
     * @param damaged records that could not be read
     */
    record Spool(
            boolean active,
            boolean full,
            long bytes,
            Duration age,
            long records,
            long replayedSamples,
            long damaged,
            long refusedRequests,
            long failures) {
        static Spool of(io.auspex.series.control.Spool spool, SpoolReplay replay) {
            return new Spool(
                    spool.isActive(),
                    spool.isFull(),
                    spool.bytes(),
                    spool.age(),
                    spool.records(),
                    replay.samples(),
                    replay.damaged(),
                    spool.refused(),
                    spool.failures());
        }
    }

    /** The last flush. */
    record Flush(Instant at, int packs, long samples, long bytes, Duration duration) {
        static final Flush NONE = new Flush(Instant.EPOCH, 0, 0, 0, Duration.ZERO);
    }

    /** What recovery found at the start. */
    record Replay(long samples, long damagedRecords, Duration duration) {
        static final Replay NONE = new Replay(0, 0, Duration.ZERO);
    }

    /** One tenant's series. */
    record Tenant(int series, int activeSeries, int activeLimit) {}
}
