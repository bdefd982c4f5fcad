package io.auspex.insight;

import java.util.List;
import java.util.Locale;

/**
 * What an engine has found out, ready to be shown.
 *
 * @param source what it was found by, such as {@code anomaly:17}; a second finding of one source replaces the first
 * @param entity the thing it is about, as people name it
 * @param evidence where a reader finds what it rests on, at least one link
 */
public record Finding(
        Kind kind, Severity severity, String source, String entity, String title, String summary, List<Link> evidence) {
    /** Which engine found it. */
    public enum Kind {
        ANOMALY,
        FORECAST,
        BUDGET_BREACH,
        REGRESSION,
        RECOMMENDATION;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How much it matters. */
    public enum Severity {
        INFO,
        WARNING,
        CRITICAL;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A place to look, as a path of this server. */
    public record Link(String rel, String href) {}

    public Finding {
        evidence = List.copyOf(evidence);
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException("a finding without evidence: " + source);
        }
    }
}
