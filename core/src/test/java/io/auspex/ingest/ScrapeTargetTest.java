package io.auspex.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.ingest.RelabelRule.Action;
import io.auspex.series.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScrapeTargetTest {
    private static final ScrapeJob.Limits NO_LIMITS = ScrapeJob.Limits.NONE;

    private static RelabelRule rule(Action action, List<String> sources, String regex, String target, String to) {
        return RelabelRule.of(new RelabelRule.Settings(action, sources, RelabelRule.SEPARATOR, regex, 0, target, to));
    }

    private static ScrapeJob job(
            boolean honor, ScrapeJob.Limits limits, List<RelabelRule> relabel, List<RelabelRule> metric) {
        return new ScrapeJob(
                "node",
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                "/metrics",
                "http",
                Map.of("module", List.of("a b", "c"), "x", List.of("y")),
                honor,
                true,
                true,
                Optional.empty(),
                limits,
                ScrapeJob.Access.NONE,
                List.of(),
                List.of(),
                new RelabelRules(relabel),
                new RelabelRules(metric));
    }

    private static ScrapeTarget target(ScrapeJob job, String address, Map<String, String> labels) {
        return ScrapeTarget.of(job, ScrapeTarget.discovered(job, address, labels))
                .orElseThrow();
    }

    private static ScrapeTarget plain() {
        return target(job(false, NO_LIMITS, List.of(), List.of()), "web:9100", Map.of("zone", "z"));
    }

    @Test
    void aTarget_hasTheJobsLabels_andItsAddressAsInstance() {
        ScrapeTarget target = plain();

        assertThat(target.discovered())
                .isEqualTo(Labels.of(
                        "__address__",
                        "web:9100",
                        "__metrics_path__",
                        "/metrics",
                        "__scheme__",
                        "http",
                        "__scrape_interval__",
                        "15s",
                        "__scrape_timeout__",
                        "10s",
                        "__param_module",
                        "a b",
                        "__param_x",
                        "y",
                        "job",
                        "node",
                        "zone",
                        "z"));
        assertThat(target.labels()).isEqualTo(Labels.of("instance", "web:9100", "job", "node", "zone", "z"));
        assertThat(target.url()).isEqualTo("http://web:9100/metrics?module=a+b&module=c&x=y");
        assertThat(target.offsetMillis()).isBetween(0L, 14_999L).isEqualTo(plain().offsetMillis());
    }

    @Test
    void rules_changeWhereAndHowATargetIsScraped() {
        ScrapeJob job = job(
                false,
                NO_LIMITS,
                List.of(
                        rule(Action.REPLACE, List.of("__address__"), "(.*)", "__param_target", "$1"),
                        rule(Action.REPLACE, List.of("__param_target"), "(.*)", "instance", "$1"),
                        rule(Action.REPLACE, List.of("none"), "(.*)", "__address__", "probe:9115"),
                        rule(Action.REPLACE, List.of("none"), "(.*)", "__metrics_path__", "/probe"),
                        rule(Action.REPLACE, List.of("none"), "(.*)", "__scrape_interval__", "1m"),
                        rule(Action.REPLACE, List.of("__meta_team"), "(.*)", "team", "$1"),
                        rule(Action.REPLACE, List.of("team"), "(.*)", "__tmp", "$1")),
                List.of());

        ScrapeTarget target = target(job, "shop.example", Map.of("__meta_team", "t1", "job", "own"));

        assertThat(target.labels()).isEqualTo(Labels.of("instance", "shop.example", "job", "own", "team", "t1"));
        assertThat(target.url()).isEqualTo("http://probe:9115/probe?module=a+b&module=c&target=shop.example&x=y");
        assertThat(target.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(target.all().find("__meta_team")).isNull();
        assertThat(target.all().get("__tmp")).isEqualTo("t1");
    }

    @Test
    void rules_dropTargets_orLeaveNoGoodOne() {
        ScrapeJob dropping =
                job(false, NO_LIMITS, List.of(rule(Action.DROP, List.of("zone"), "a|b", "", "$1")), List.of());

        assertThat(ScrapeTarget.of(dropping, ScrapeTarget.discovered(dropping, "h", Map.of("zone", "a"))))
                .isEmpty();
        refused("no address", "__address__", "");
        refused("\"a/b\" is not a valid hostname", "__address__", "a/b");
        refused(
                "scrape timeout cannot be greater than scrape interval (\"10s\" > \"5s\")",
                "__scrape_interval__",
                "5s");
        refused("error parsing scrape interval: ", "__scrape_interval__", "soon");
        refused("scrape timeout cannot be 0", "__scrape_timeout__", "0s");
    }

    private static void refused(String why, String label, String value) {
        ScrapeJob job =
                job(false, NO_LIMITS, List.of(rule(Action.REPLACE, List.of("x"), "(.*)", label, value)), List.of());
        assertThatThrownBy(() -> ScrapeTarget.of(job, ScrapeTarget.discovered(job, "h", Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void labelsOfTheTarget_win_andThoseOfTheSampleAreKeptAside() {
        Labels exposed = Labels.of("__name__", "up", "job", "theirs", "exported_job", "older", "code", "200");

        assertThat(plain().label(exposed))
                .contains(Labels.of(
                        "__name__",
                        "up",
                        "code",
                        "200",
                        "exported_exported_job",
                        "theirs",
                        "exported_job",
                        "older",
                        "instance",
                        "web:9100",
                        "job",
                        "node",
                        "zone",
                        "z"));
        assertThat(target(job(true, NO_LIMITS, List.of(), List.of()), "web:9100", Map.of())
                        .label(exposed))
                .contains(Labels.of(
                        "__name__",
                        "up",
                        "code",
                        "200",
                        "exported_job",
                        "older",
                        "instance",
                        "web:9100",
                        "job",
                        "theirs"));
        assertThat(plain().about(Labels.of("__name__", "up")))
                .isEqualTo(Labels.of("__name__", "up", "instance", "web:9100", "job", "node", "zone", "z"));
    }

    @Test
    void metricRules_seeTheLabelsOfTheTarget() {
        ScrapeJob job = job(
                false,
                NO_LIMITS,
                List.of(),
                List.of(
                        rule(Action.DROP, List.of("__name__", "job"), "go_.*;node", "", "$1"),
                        rule(Action.LABELDROP, List.of(), "instance", "", "$1")));

        assertThat(target(job, "h:1", Map.of()).label(Labels.of("__name__", "go_gc")))
                .isEmpty();
        assertThat(target(job, "h:1", Map.of()).label(Labels.of("__name__", "up")))
                .contains(Labels.of("__name__", "up", "job", "node"));
    }

    @Test
    void limits_failTheScrape_inTheReferencesWords() {
        Labels exposed = Labels.of("__name__", "up", "code", "200", "long_name", "0123456789");

        tooMuch(
                new ScrapeJob.Limits(0, 4, 0, 0, 0, 0),
                exposed,
                "label_limit exceeded (metric: up, number of labels: 5, limit: 4)");
        tooMuch(
                new ScrapeJob.Limits(0, 0, 8, 0, 0, 0),
                exposed,
                "label_name_length_limit exceeded (metric: up, label name: long_name, length: 9, limit: 8)");
        tooMuch(
                new ScrapeJob.Limits(0, 0, 0, 9, 0, 0),
                exposed,
                "label_value_length_limit exceeded (metric: up, label name: long_name, length: 10, limit: 9)");
        assertThat(target(job(false, new ScrapeJob.Limits(0, 5, 9, 10, 0, 0), List.of(), List.of()), "h:1", Map.of())
                        .label(exposed))
                .isPresent();
    }

    private static void tooMuch(ScrapeJob.Limits limits, Labels exposed, String why) {
        ScrapeTarget target = target(job(false, limits, List.of(), List.of()), "h:1", Map.of());
        assertThatThrownBy(() -> target.label(exposed)).hasMessage(why);
    }
}
