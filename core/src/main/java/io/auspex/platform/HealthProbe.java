package io.auspex.platform;

import java.util.Map;

/**
 * A component's own judgement of whether it works, by trying, not by existing.
 *
 * <p>Every component contributes one. It is asked on each readiness check and answers within a second.
 */
public interface HealthProbe {
    /** The component, as a word of the field: {@code database}, {@code ingest}, {@code head}. */
    String component();

    Finding check();

    /** What a probe found. */
    enum State {
        UP,
        /** Works with a fallback: still ready. */
        DEGRADED,
        /** Cannot do its work: not ready. */
        DOWN
    }

    /**
     * @param detail why, in words for an operator; empty when all is well
     * @param figures numbers worth seeing beside it
     */
    record Finding(State state, String detail, Map<String, String> figures) {
        public static Finding up() {
            return new Finding(State.UP, "", Map.of());
        }

        public static Finding degraded(String detail) {
            return new Finding(State.DEGRADED, detail, Map.of());
        }

        public static Finding down(String detail) {
            return new Finding(State.DOWN, detail, Map.of());
        }
    }
}
