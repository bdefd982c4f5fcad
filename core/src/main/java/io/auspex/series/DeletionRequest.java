package io.auspex.series;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Samples that somebody had deleted.
 *
 * @param selectors what was asked for, as a JSON array; empty once it is erased
 * @param selectorsHash SHA-256 of the selectors as they were, hexadecimal
 * @param fromMillis first deleted time
 * @param toMillis last deleted time
 * @param series how many had samples in the range
 * @param requestedBy stable id of who asked
 * @param undoUntil until when it may be taken back
 * @param endedBy who took it back or what erased it
 * @param erasedSeries how many are gone with their labels, since nothing is left of them
 * @param erasedSamples how many were taken out of packs
 * @param certificate signed statement of the erasure
 */
public record DeletionRequest(
        long id,
        String selectors,
        String selectorsHash,
        long fromMillis,
        long toMillis,
        int series,
        String requestedBy,
        Instant requestedAt,
        Instant undoUntil,
        State state,
        Optional<String> endedBy,
        Optional<Instant> endedAt,
        int erasedSeries,
        long erasedSamples,
        Optional<String> certificate) {
    /** How far it is. */
    public enum State {
        /** No query sees the samples; storage still has them. */
        HIDDEN,
        /** Taken back: everything is as before. */
        UNDONE,
        /** Gone for good. */
        ERASED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
