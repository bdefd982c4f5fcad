package io.auspex.ingest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.PromDuration;
import io.auspex.series.Labels;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An address that is scraped, with its labels, as Prometheus 3.5 makes it of a discovered one.
 *
 * @param discovered labels before the rules
 * @param all labels after the rules, those that begin with two underscores included
 */
public record ScrapeTarget(ScrapeJob job, Labels discovered, Labels all, Duration interval, Duration timeout) {
    public static final String ADDRESS = "__address__";
    static final String SCHEME = "__scheme__";
    static final String METRICS_PATH = "__metrics_path__";
    static final String INTERVAL = "__scrape_interval__";
    static final String TIMEOUT = "__scrape_timeout__";
    private static final String PARAM = "__param_";
    private static final String META = "__meta_";
    private static final String EXPORTED = "exported_";

    /** The labels that are found, and those of the job that they leave open. */
    public static Labels discovered(ScrapeJob job, String address, Map<String, String> labels) {
        LabelsBuilder all = new LabelsBuilder(Labels.of(labels));
        all.set(ADDRESS, address);
        Map.of(
                        "job",
                        job.name(),
                        INTERVAL,
                        PromDuration.format(job.interval().toMillis()),
                        TIMEOUT,
                        PromDuration.format(job.timeout().toMillis()),
                        METRICS_PATH,
                        job.metricsPath(),
                        SCHEME,
                        job.scheme())
                .forEach((name, value) -> all.set(name, all.get(name).isEmpty() ? value : all.get(name)));
        job.params().forEach((name, values) -> {
            if (!values.isEmpty()) {
                all.set(PARAM + name, values.get(0));
            }
        });
        return all.build();
    }

    /**
     * The target of discovered labels; nothing when the job's rules drop it.
     *
     * @throws IllegalArgumentException with the reference's words when the rules leave no good target
     */
    public static Optional<ScrapeTarget> of(ScrapeJob job, Labels discovered) {
        LabelsBuilder labels = new LabelsBuilder(discovered);
        if (!job.relabel().apply(labels)) {
            return Optional.empty();
        }
        String address = labels.get(ADDRESS);
        require(!address.isEmpty(), "no address");
        require(address.indexOf('/') < 0, "\"" + address + "\" is not a valid hostname");
        Duration interval = duration("interval", labels.get(INTERVAL));
        Duration timeout = duration("timeout", labels.get(TIMEOUT));
        require(
                timeout.compareTo(interval) <= 0,
                "scrape timeout cannot be greater than scrape interval (\"" + labels.get(TIMEOUT) + "\" > \""
                        + labels.get(INTERVAL) + "\")");
        labels.forEach((name, value) -> {
            if (name.startsWith(META)) {
                labels.remove(name);
            }
        });
        if (labels.get("instance").isEmpty()) {
            labels.set("instance", address);
        }
        return Optional.of(new ScrapeTarget(job, discovered, labels.build(), interval, timeout));
    }

    private static Duration duration(String what, String text) {
        Duration duration;
        try {
            duration = Duration.ofMillis(PromDuration.parseMillis(text));
        } catch (AuspexException e) {
            throw new IllegalArgumentException("error parsing scrape " + what + ": " + e.detail(), e);
        }
        require(!duration.isZero(), "scrape " + what + " cannot be 0");
        return duration;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The labels that its series have. */
    public Labels labels() {
        return all.filter(name -> !name.startsWith("__"));
    }

    public String scheme() {
        return all.get(SCHEME);
    }

    public String address() {
        return all.get(ADDRESS);
    }

    /** Path and query, as they stand in the request. */
    public String path() {
        Map<String, List<String>> params = new TreeMap<>();
        job.params().forEach((name, values) -> params.put(name, new ArrayList<>(values)));
        all.forEach((name, value) -> {
            if (name.startsWith(PARAM)) {
                List<String> values = params.computeIfAbsent(name.substring(PARAM.length()), n -> new ArrayList<>());
                if (values.isEmpty()) {
                    values.add(value);
                } else {
                    values.set(0, value);
                }
            }
        });
        StringBuilder query = new StringBuilder();
        params.forEach((name, values) -> values.forEach(value -> query.append(query.isEmpty() ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value))));
        String path = all.get(METRICS_PATH);
        return (path.startsWith("/") ? path : "/" + path) + query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public String url() {
        return scheme() + "://" + address() + path();
    }

    /** Where in each interval it is scraped, the same on every node, so that targets do not come at once. */
    public long offsetMillis() {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (all + url()).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return Long.remainderUnsigned(hash, interval.toMillis());
    }

    /**
     * The labels of a series that the target exposes, with those of the target and after the job's rules; nothing when
     * it is dropped.
     *
     * @throws IllegalArgumentException when a limit of the job is exceeded, which fails the scrape
     */
    public Optional<Labels> label(Labels exposed) {
        LabelsBuilder labels = new LabelsBuilder(exposed);
        if (job.honorLabels()) {
            labels().forEach((name, value) -> {
                if (exposed.find(name) == null) {
                    labels.set(name, value);
                }
            });
        } else {
            overwrite(exposed, labels);
        }
        if (!job.metricRelabel().apply(labels)) {
            return Optional.empty();
        }
        Labels made = labels.build();
        checkLimits(made);
        return made.isEmpty() ? Optional.empty() : Optional.of(made);
    }

    private void overwrite(Labels exposed, LabelsBuilder labels) {
        List<String> conflicts = new ArrayList<>();
        labels().forEach((name, value) -> {
            if (exposed.find(name) != null) {
                conflicts.add(name);
            }
            labels.set(name, value);
        });
        conflicts.sort((a, b) -> Integer.compare(a.length(), b.length()));
        for (String name : conflicts) {
            String renamed = EXPORTED + name;
            while (!labels.get(renamed).isEmpty()) {
                renamed = EXPORTED + renamed;
            }
            labels.set(renamed, exposed.get(name));
        }
    }

    /** The labels of a series about the scrape itself. */
    public Labels about(Labels report) {
        LabelsBuilder labels = new LabelsBuilder(report);
        labels().forEach(labels::set);
        return labels.build();
    }

    private void checkLimits(Labels made) {
        ScrapeJob.Limits limits = job.limits();
        String metric = cut(made.metric());
        if (limits.labels() > 0 && made.size() > limits.labels()) {
            throw new IllegalArgumentException("label_limit exceeded (metric: " + metric + ", number of labels: "
                    + made.size() + ", limit: " + limits.labels() + ")");
        }
        made.forEach((name, value) -> {
            check("label_name_length_limit", metric, name, utf8(name), limits.labelNameLength());
            check("label_value_length_limit", metric, name, utf8(value), limits.labelValueLength());
        });
    }

    private static void check(String what, String metric, String label, int length, int limit) {
        if (limit > 0 && length > limit) {
            throw new IllegalArgumentException(what + " exceeded (metric: " + metric + ", label name: " + cut(label)
                    + ", length: " + length + ", limit: " + limit + ")");
        }
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), 50));
    }
}
