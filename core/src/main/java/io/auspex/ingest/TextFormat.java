package io.auspex.ingest;

/** The forms of text that {@link TextDecoder} reads. */
public enum TextFormat {
    /** Version 0.0.4: timestamps in milliseconds, bad lines refused by themselves. */
    PROMETHEUS,
    /** OpenMetrics 1.0 with all its rules, refused as a whole. */
    OPENMETRICS,
    /** OpenMetrics with the rules that scrapers hold targets to: the lines and the end. Refused as a whole. */
    SCRAPED_OPENMETRICS
}
