package io.auspex.ingest;

import java.util.Locale;

/** The ways in for samples; each is a metric label and stands in the API. */
public enum Protocol {
    REMOTE_WRITE_V1,
    REMOTE_WRITE_V2,
    OTLP,
    INFLUX,
    TEXT,
    /** Fetched by the server itself. */
    SCRAPE,
    /** From within the process. */
    LOCAL;

    /** The stable name: lower case with underscores. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
