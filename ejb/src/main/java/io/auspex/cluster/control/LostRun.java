package io.auspex.cluster.control;

/** A run was given up for lost, and perhaps restarted elsewhere, while this node still worked on it. */
public final class LostRun extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LostRun(long run) {
        super("run " + run + " is not this node's any more");
    }
}
