package io.auspex.anomaly;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which series are judged as their samples arrive, how, and from which score on it counts.
 *
 * @param id 0 for a rule that is not stored
 * @param selector a PromQL selector, such as {@code node_load1{instance="a"}}
 * @param threshold nines from which a sample is an anomaly, 1 to 30
 * @param version counts changes
 */
public record DetectorRule(
        long id, String name, String selector, Method method, double threshold, boolean enabled, int version) {
    /** On a recorded busy host this makes 0.3 events for each series and day (docs/guide/anomaly.md). */
    public static final double DEFAULT_THRESHOLD = 4;

    /** What judges. */
    public enum Method {
        ENSEMBLE,
        BASELINE;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Method> find(String wireName) {
            return Arrays.stream(values())
                    .filter(method -> method.wireName().equals(wireName))
                    .findFirst();
        }
    }

    /** What a tenant without rules of its own has watched: the host and the virtual machine, as Auspex collects them of itself. */
    public static final List<DetectorRule> DEFAULTS = List.of(
            standard("CPU time", "node_cpu_seconds_total{mode=~\"user|system|iowait|steal\"}"),
            standard("Load", "node_load1"),
            standard("Free memory", "node_memory_MemAvailable_bytes"),
            standard("Free disk space", "node_filesystem_avail_bytes"),
            standard(
                    "Disk traffic",
                    "{__name__=~\"node_disk_(read|written)_bytes_total|node_disk_io_time_seconds_total\"}"),
            standard(
                    "Network traffic",
                    "{__name__=~\"node_network_(receive|transmit)_(bytes|errs)_total\",device!=\"lo\"}"),
            standard(
                    "JVM",
                    "{__name__=~\"jvm_memory_used_bytes|jvm_threads_(current|live)|jvm_gc_collection_seconds_total|process_cpu_seconds_total|process_resident_memory_bytes\"}"));

    private static DetectorRule standard(String name, String selector) {
        return new DetectorRule(0, name, selector, Method.ENSEMBLE, DEFAULT_THRESHOLD, true, 0);
    }
}
