package io.auspex.ingest.control;

import io.auspex.ingest.RelabelRules;
import io.auspex.ingest.ScrapeJob;
import io.auspex.ingest.TextFormat;
import io.auspex.platform.AuspexException;
import io.auspex.platform.PromDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code scrape_configs} as Prometheus writes them; docs/api/scrape.md has the fields that are taken. */
public final class ScrapeConfigs {
    private static final int MOST_JOBS = 200;
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final Pattern FILES =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._/-]*(\\*[A-Za-z0-9._-]*)?\\.(json|yml|yaml)"
                    + "|\\*[A-Za-z0-9._-]*\\.(json|yml|yaml)");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12})(B|KB|KiB|MB|MiB|GB|GiB)?");

    private ScrapeConfigs() {}

    /**
     * The jobs of a YAML list; none for an empty text.
     *
     * @param shortest interval that may be asked for
     * @throws AuspexException BAD_REQUEST with line and column
     */
    public static List<ScrapeJob> parse(String yaml, Duration shortest) {
        Optional<ConfigNode> list = ConfigNode.parse(yaml);
        if (list.isEmpty()) {
            return List.of();
        }
        List<ScrapeJob> jobs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ConfigNode item : list.get().items()) {
            ScrapeJob job = job(item, shortest);
            if (!names.add(job.name())) {
                throw item.error("a second job '" + job.name() + "'");
            }
            jobs.add(job);
        }
        if (jobs.size() > MOST_JOBS) {
            throw list.get().error(jobs.size() + " jobs, the limit is " + MOST_JOBS);
        }
        return jobs;
    }

    private static ScrapeJob job(ConfigNode node, Duration shortest) {
        ConfigNode.Fields fields = node.fields();
        String name = fields.text("job_name", "");
        if (name.isEmpty()) {
            throw node.error("job_name is missing");
        }
        Duration interval =
                fields.find("scrape_interval").map(ScrapeConfigs::duration).orElse(INTERVAL);
        if (interval.compareTo(shortest) < 0) {
            throw node.error("scrape_interval is below " + PromDuration.format(shortest.toMillis())
                    + " (auspex.scrape.shortest-interval)");
        }
        Duration timeout = fields.find("scrape_timeout")
                .map(ScrapeConfigs::duration)
                .orElse(TIMEOUT.compareTo(interval) < 0 ? TIMEOUT : interval);
        if (timeout.isZero() || timeout.compareTo(interval) > 0) {
            throw node.error("scrape_timeout must be more than 0 and not more than scrape_interval");
        }
        String scheme = fields.text("scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw node.error("scheme must be http or https");
        }
        if (fields.truth("follow_redirects", false)) {
            throw node.error("redirects are not followed here: follow_redirects must be false");
        }
        ScrapeJob.Limits limits = new ScrapeJob.Limits(
                fields.count("sample_limit"),
                fields.count("label_limit"),
                fields.count("label_name_length_limit"),
                fields.count("label_value_length_limit"),
                fields.find("body_size_limit").map(ScrapeConfigs::bytes).orElse(0L),
                fields.count("target_limit"));
        ScrapeJob job = new ScrapeJob(
                name,
                interval,
                timeout,
                fields.text("metrics_path", "/metrics"),
                scheme,
                params(fields),
                fields.truth("honor_labels", false),
                fields.truth("honor_timestamps", true),
                fields.truth("enable_compression", true),
                fields.find("fallback_scrape_protocol").map(ScrapeConfigs::protocol),
                limits,
                access(fields),
                groups(fields),
                files(fields),
                fields.find("relabel_configs").map(RelabelConfigs::rules).orElse(RelabelRules.NONE),
                fields.find("metric_relabel_configs").map(RelabelConfigs::rules).orElse(RelabelRules.NONE));
        fields.end();
        return job;
    }

    private static Duration duration(ConfigNode node) {
        try {
            return Duration.ofMillis(PromDuration.parseMillis(node.text()));
        } catch (AuspexException e) {
            throw node.error(e.detail());
        }
    }

    private static long bytes(ConfigNode node) {
        Matcher matcher = BYTES.matcher(node.text());
        if (!matcher.matches()) {
            throw node.error("a size such as 10MB is expected");
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int shift = "BKMG".indexOf(unit.charAt(0)) * 10;
        return Long.parseLong(matcher.group(1)) << shift;
    }

    private static TextFormat protocol(ConfigNode node) {
        return switch (node.text()) {
            case "PrometheusText0.0.4", "PrometheusText1.0.0" -> TextFormat.PROMETHEUS;
            case "OpenMetricsText0.0.1", "OpenMetricsText1.0.0" -> TextFormat.SCRAPED_OPENMETRICS;
            default -> throw node.error("a text protocol is expected, such as PrometheusText0.0.4");
        };
    }

    private static Map<String, List<String>> params(ConfigNode.Fields fields) {
        Map<String, List<String>> params = new HashMap<>();
        fields.find("params")
                .ifPresent(node -> node.entries().forEach((name, values) -> params.put(name, values.texts())));
        return params;
    }

    private static ScrapeJob.Access access(ConfigNode.Fields fields) {
        String scheme = "";
        String user = "";
        String secret = "";
        Optional<ConfigNode> basic = fields.find("basic_auth");
        if (basic.isPresent()) {
            ConfigNode.Fields of = basic.get().fields();
            refuseWritten(of, "password");
            scheme = "Basic";
            user = of.text("username", "");
            secret = secret(of, "password_file");
            of.end();
        }
        Optional<ConfigNode> authorization = fields.find("authorization");
        if (authorization.isPresent()) {
            if (basic.isPresent()) {
                throw authorization.get().error("at most one of basic_auth and authorization must be configured");
            }
            ConfigNode.Fields of = authorization.get().fields();
            refuseWritten(of, "credentials");
            scheme = of.text("type", "Bearer").strip();
            secret = secret(of, "credentials_file");
            if (secret.isEmpty() || !scheme.matches("[A-Za-z0-9_-]{1,40}") || scheme.equalsIgnoreCase("basic")) {
                throw authorization.get().error("authorization needs credentials_file and a type other than Basic");
            }
            of.end();
        }
        Optional<ConfigNode> tls = fields.find("tls_config");
        if (tls.isEmpty()) {
            return new ScrapeJob.Access(scheme, user, secret, "", "", "", "", false);
        }
        ConfigNode.Fields of = tls.get().fields();
        ScrapeJob.Access access = new ScrapeJob.Access(
                scheme,
                user,
                secret,
                secret(of, "ca_file"),
                secret(of, "cert_file"),
                secret(of, "key_file"),
                of.text("server_name", ""),
                of.truth("insecure_skip_verify", false));
        of.end();
        if (access.certFile().isEmpty() != access.keyFile().isEmpty()) {
            throw tls.get().error("cert_file and key_file need each other");
        }
        return access;
    }

    private static void refuseWritten(ConfigNode.Fields fields, String name) {
        fields.find(name).ifPresent(node -> {
            throw node.error(
                    "secrets are not written here: the operator puts them into a file, which " + name + "_file names");
        });
    }

    private static String secret(ConfigNode.Fields fields, String name) {
        Optional<ConfigNode> node = fields.find(name);
        if (node.isPresent() && !SECRET.matcher(node.get().text()).matches()) {
            throw node.get().error(name + " must be the name of a file, without a directory");
        }
        return node.map(ConfigNode::text).orElse("");
    }

    private static List<ScrapeJob.TargetGroup> groups(ConfigNode.Fields fields) {
        return fields.find("static_configs").map(ScrapeConfigs::groups).orElse(List.of());
    }

    /** Target groups, as configurations and files of targets hold them. */
    static List<ScrapeJob.TargetGroup> groups(ConfigNode list) {
        List<ScrapeJob.TargetGroup> groups = new ArrayList<>();
        for (ConfigNode item : list.items()) {
            ConfigNode.Fields fields = item.fields();
            groups.add(new ScrapeJob.TargetGroup(
                    fields.find("targets").map(ConfigNode::texts).orElse(List.of()),
                    fields.find("labels").map(ConfigNode::textEntries).orElse(Map.of())));
            fields.end();
        }
        return groups;
    }

    private static List<String> files(ConfigNode.Fields fields) {
        List<String> files = new ArrayList<>();
        fields.find("file_sd_configs").ifPresent(list -> {
            for (ConfigNode item : list.items()) {
                ConfigNode.Fields of = item.fields();
                of.find("refresh_interval").ifPresent(ScrapeConfigs::duration);
                for (ConfigNode file : of.find("files")
                        .orElseThrow(() -> item.error("files is missing"))
                        .items()) {
                    if (!FILES.matcher(file.text()).matches() || file.text().contains("..")) {
                        throw file.error("path name \"" + file.text() + "\" is not valid for file discovery: it is"
                                + " relative and ends in .json, .yml or .yaml");
                    }
                    files.add(file.text());
                }
                of.end();
            }
        });
        return files;
    }
}
