package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.ingest.ScrapeJob;
import io.auspex.ingest.TextFormat;
import io.auspex.platform.AuspexException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScrapeConfigsTest {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @Test
    void parse_readsWhatPrometheusWrites() {
        List<ScrapeJob> jobs = ScrapeConfigs.parse("""
                - job_name: node
                  static_configs:
                    - targets: ['a:9100', b:9100]
                      labels: {zone: z1, port: 9100}
                - job_name: 'all of it'
                  scrape_interval: 1m30s
                  scrape_timeout: 20s
                  metrics_path: /probe
                  scheme: https
                  params: {module: [http_2xx], n: ['1', '2']}
                  honor_labels: true
                  honor_timestamps: false
                  enable_compression: false
                  follow_redirects: false
                  fallback_scrape_protocol: PrometheusText0.0.4
                  sample_limit: 1000
                  label_limit: 30
                  label_name_length_limit: 50
                  label_value_length_limit: 60
                  body_size_limit: 10MB
                  target_limit: 7
                  basic_auth: {username: u, password_file: probe.password}
                  tls_config: {ca_file: ca.pem, server_name: s, insecure_skip_verify: true}
                  file_sd_configs: [{files: ['team/*.yml', 'x.json'], refresh_interval: 1m}]
                  relabel_configs: [{action: drop, source_labels: [zone]}]
                  metric_relabel_configs: [{action: labeldrop, regex: a}, {action: labeldrop, regex: b}]
                """, SHORTEST);

        ScrapeJob node = jobs.get(0);
        assertThat(node.groups())
                .containsExactly(
                        new ScrapeJob.TargetGroup(List.of("a:9100", "b:9100"), Map.of("zone", "z1", "port", "9100")));
        assertThat(node.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(node.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(node.honorTimestamps()).isTrue();
        assertThat(node.metricsPath()).isEqualTo("/metrics");
        ScrapeJob all = jobs.get(1);
        assertThat(all.interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(all.params()).containsEntry("n", List.of("1", "2"));
        assertThat(all.limits()).isEqualTo(new ScrapeJob.Limits(1_000, 30, 50, 60, 10 << 20, 7));
        assertThat(all.access())
                .isEqualTo(new ScrapeJob.Access("Basic", "u", "probe.password", "ca.pem", "", "", "s", true));
        assertThat(all.files()).containsExactly("team/*.yml", "x.json");
        assertThat(all.fallback()).contains(TextFormat.PROMETHEUS);
        assertThat(all.relabel().rules()).hasSize(1);
        assertThat(all.metricRelabel().rules()).hasSize(2);
        assertThat(ScrapeConfigs.parse("", SHORTEST)).isEmpty();
    }

    @Test
    void aShortInterval_shortensTheTimeout() {
        assertThat(ScrapeConfigs.parse("[{job_name: a, scrape_interval: 3s}]", SHORTEST)
                        .get(0)
                        .timeout())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void mistakes_areToldWithTheirPlace() {
        refused("- scrape_interval: 5s", "line 1, column 3: job_name is missing");
        refused("- job_name: a\n- job_name: a", "line 2, column 3: a second job 'a'");
        refused(
                "- {job_name: a, scrape_interval: 500ms}",
                "scrape_interval is below 1s (auspex.scrape.shortest-interval)");
        refused("- {job_name: a, scrape_interval: 5s, scrape_timeout: 6s}", "not more than scrape_interval");
        refused("- {job_name: a, scrape_interval: soon}", "column 34: not a valid duration string");
        refused("- {job_name: a, scheme: ftp}", "scheme must be http or https");
        refused("- {job_name: a, kubernetes_sd_configs: []}", "the field 'kubernetes_sd_configs' is not known here");
        refused("- {job_name: a, follow_redirects: true}", "redirects are not followed here");
        refused("- {job_name: a, basic_auth: {username: u, password: hunter2}}", "secrets are not written here");
        refused("- {job_name: a, authorization: {credentials: hunter2}}", "secrets are not written here");
        refused("- {job_name: a, authorization: {credentials_file: ../../etc/passwd}}", "without a directory");
        refused("- {job_name: a, authorization: {credentials_file: x, type: \"a\\r\\nb\"}}", "a type other than Basic");
        refused("- {job_name: a, tls_config: {cert_file: x}}", "cert_file and key_file need each other");
        for (String file : new String[] {"/etc/x.yml", "../x.yml", "a/../x.yml", "x.txt", "*/x.yml", "./x.yml"}) {
            refused("- {job_name: a, file_sd_configs: [{files: ['" + file + "']}]}", "is not valid for file discovery");
        }
    }

    private static void refused(String yaml, String why) {
        assertThatThrownBy(() -> ScrapeConfigs.parse(yaml, SHORTEST))
                .as(yaml)
                .isInstanceOf(AuspexException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hunter2");
    }
}
