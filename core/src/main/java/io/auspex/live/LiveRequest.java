package io.auspex.live;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a subscriber wants to be told: the values of expressions on a grid of times.
 *
 * @param queries PromQL expressions; none for findings only
 * @param stepMillis distance of the grid's times, which are multiples of it since the epoch
 * @param afterMillis last time that the subscriber already has; absent to begin now
 */
public record LiveRequest(List<String> queries, long stepMillis, OptionalLong afterMillis) {
    public static final int MAX_QUERIES = 24;
    private static final long MIN_STEP_MILLIS = 1_000;
    private static final long MAX_STEP_MILLIS = 86_400_000;

    public LiveRequest {
        queries = List.copyOf(queries);
        if (queries.size() > MAX_QUERIES) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "a stream has at most " + MAX_QUERIES + " queries, got " + queries.size());
        }
        if (stepMillis < MIN_STEP_MILLIS || stepMillis > MAX_STEP_MILLIS) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "step must be between 1 second and 1 day, got " + stepMillis + " ms");
        }
    }
}
