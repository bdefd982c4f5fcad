package io.auspex.report;

/**
 * What the service-health report asks for, as PromQL. A measure whose series a tenant does not have gives no rows.
 */
public enum HealthMeasure {
    AVAILABILITY("availability", "ratio", "avg by (job, instance) (up)", false),
    ERROR_RATIO(
            "error ratio",
            "ratio",
            "sum by (job) (rate({__name__=~\"http_requests_total|http_server_requests_total\",code=~\"5..\"}[5m]))"
                    + " / sum by (job) (rate({__name__=~\"http_requests_total|http_server_requests_total\"}[5m]))",
            true),
    LATENCY(
            "latency p95",
            "seconds",
            "histogram_quantile(0.95, sum by (job, le) (rate({__name__=~\"http_request_duration_seconds_bucket|http_server_request_duration_seconds_bucket\"}[5m])))",
            true),
    CPU("CPU busy", "ratio", "1 - avg by (job, instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))", true),
    MEMORY("memory used", "ratio", "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", true),
    DISK("disk used", "ratio", "1 - node_filesystem_avail_bytes / node_filesystem_size_bytes", true),
    LOAD("load", "processes", "node_load1", true);

    private final String title;
    private final String unit;
    private final String query;
    private final boolean highIsBad;

    HealthMeasure(String title, String unit, String query, boolean highIsBad) {
        this.title = title;
        this.unit = unit;
        this.query = query;
        this.highIsBad = highIsBad;
    }

    public String title() {
        return title;
    }

    public String unit() {
        return unit;
    }

    public String query() {
        return query;
    }

    /** Whether the worst value is the highest. */
    public boolean highIsBad() {
        return highIsBad;
    }
}
