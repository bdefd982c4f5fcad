package io.auspex.ingest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One entry of {@code scrape_configs}: what is fetched, how, and what becomes of it.
 *
 * @param params of the URL, each with its values
 * @param honorLabels whether labels that a target exposes win over those of the target
 * @param honorTimestamps whether timestamps that a target exposes are taken
 * @param compression whether gzip is asked for
 * @param fallback how a body is read whose type the target does not say
 * @param access who says what to the target
 */
public record ScrapeJob(
        String name,
        Duration interval,
        Duration timeout,
        String metricsPath,
        String scheme,
        Map<String, List<String>> params,
        boolean honorLabels,
        boolean honorTimestamps,
        boolean compression,
        Optional<TextFormat> fallback,
        Limits limits,
        Access access,
        List<TargetGroup> groups,
        List<String> files,
        RelabelRules relabel,
        RelabelRules metricRelabel) {
    public ScrapeJob {
        params = Map.copyOf(params);
        groups = List.copyOf(groups);
        files = List.copyOf(files);
    }

    /** What one scrape may bring; 0 is no limit. Beyond, the whole scrape fails. */
    public record Limits(
            int samples, int labels, int labelNameLength, int labelValueLength, long bodyBytes, int targets) {
        public static final Limits NONE = new Limits(0, 0, 0, 0, 0, 0);
    }

    /**
     * What is said to the target. Secrets are named, never written: each is a file that the operator has put there.
     *
     * @param scheme of the header Authorization: Basic, Bearer, ...; empty for none
     * @param user of Basic
     * @param secret file with the password or the credentials; empty for none
     * @param caFile certificates that the target's must descend from; empty for those of the platform
     * @param certFile the certificate that is shown, with {@code keyFile}; empty for none
     * @param serverName that the target's certificate must have; empty for the one of the address
     * @param insecure whether the target's certificate is taken as it is
     */
    public record Access(
            String scheme,
            String user,
            String secret,
            String caFile,
            String certFile,
            String keyFile,
            String serverName,
            boolean insecure) {
        public static final Access NONE = new Access("", "", "", "", "", "", "", false);
    }

    /** Targets with the labels that they have in common. */
    public record TargetGroup(List<String> targets, Map<String, String> labels) {
        public TargetGroup {
            targets = List.copyOf(targets);
            labels = Map.copyOf(labels);
        }
    }
}
