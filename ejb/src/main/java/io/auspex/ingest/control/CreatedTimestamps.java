package io.auspex.ingest.control;

import java.util.Arrays;

/** When each series last began to count, so that its zero is stored once. Takes eight bytes a series that says so. */
final class CreatedTimestamps {
    private long[] byRef = {};

    /** Whether a series has begun to count anew since it was last asked about. */
    synchronized boolean isNew(int ref, long epochMillis) {
        if (ref >= byRef.length) {
            byRef = Arrays.copyOf(byRef, Math.max(ref + 1, byRef.length * 2));
        }
        boolean isNew = byRef[ref] != epochMillis;
        byRef[ref] = epochMillis;
        return isNew;
    }
}
