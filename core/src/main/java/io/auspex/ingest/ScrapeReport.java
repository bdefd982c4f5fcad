package io.auspex.ingest;

import io.auspex.series.Labels;
import java.util.List;

/**
 * What a tenant scrapes, and how that went.
 *
 * @param problems why something that is configured is not scraped
 */
public record ScrapeReport(List<String> pools, List<Target> active, List<Dropped> dropped, List<String> problems) {
    public static final ScrapeReport NONE = new ScrapeReport(List.of(), List.of(), List.of(), List.of());

    public ScrapeReport {
        pools = List.copyOf(pools);
        active = List.copyOf(active);
        dropped = List.copyOf(dropped);
        problems = List.copyOf(problems);
    }

    /** How a target answered last. */
    public enum Health {
        UNKNOWN,
        UP,
        DOWN
    }

    /**
     * A target that is scraped.
     *
     * @param lastScrapeMillis Unix time; 0 when it was not scraped yet
     * @param lastError in words for people; empty when there was none
     */
    public record Target(
            String pool,
            Labels discovered,
            Labels labels,
            String url,
            Health health,
            String lastError,
            long lastScrapeMillis,
            double lastSeconds,
            int lastSamples,
            long intervalMillis,
            long timeoutMillis) {}

    /** A target that the rules of its job drop. */
    public record Dropped(String pool, Labels discovered) {}
}
