package io.auspex.series;

import java.time.Instant;

/**
 * A server that works on this database.
 *
 * @param ready whether it has read what others wrote before it came
 * @param leads whether it writes packs and judges fresh samples for all
 * @param streams of the log that are its, those of former connections included as long as the log has something of them
 * @param lagMillis median age of the samples of others when it reads them
 */
public record ClusterNode(
        long id,
        String name,
        Instant startedAt,
        Instant seenAt,
        boolean ready,
        boolean leads,
        int streams,
        int lagMillis) {}
