package io.auspex.series.control;

import java.time.Duration;

/**
 * How this node works beside others (docs/operations/limits.md).
 *
 * @param name what it is called where nodes are shown
 * @param lease how long a node that says nothing stays the one that flushes
 * @param follow how often the log of other nodes is read
 */
record NodeSettings(String name, Duration lease, Duration follow) {
    static final NodeSettings DEFAULT = new NodeSettings("single", Duration.ofSeconds(10), Duration.ofMillis(50));

    NodeSettings {
        if (lease.toMillis() < 1) {
            throw new IllegalArgumentException("lease must be positive, got " + lease);
        }
        if (follow.toMillis() < 1 || follow.compareTo(lease) > 0) {
            throw new IllegalArgumentException("follow must be positive and within the lease, got " + follow);
        }
    }
}
