package io.auspex.platform.boundary;

import jakarta.persistence.OptimisticLockException;

/** Recognises what only shows when a transaction ends, after the boundary has returned. */
public final class Conflicts {
    private Conflicts() {}

    /** Whether somebody else has changed the same row meanwhile. */
    public static boolean isLostUpdate(Throwable thrown) {
        return thrown instanceof OptimisticLockException;
    }
}
