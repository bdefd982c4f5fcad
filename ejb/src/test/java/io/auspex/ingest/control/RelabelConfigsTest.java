package io.auspex.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.Labels;
import org.junit.jupiter.api.Test;

final class RelabelConfigsTest {
    @Test
    void parse_readsWhatPrometheusWrites() {
        Labels labels = Labels.of("__name__", "go_gc", "pod", "web-1", "team", "Shop");

        assertThat(RelabelConfigs.parse("").isEmpty()).isTrue();
        assertThat(RelabelConfigs.parse("# nothing\n").isEmpty()).isTrue();
        assertThat(RelabelConfigs.parse("""
                        # all of it is optional
                        - source_labels: [pod]
                          regex: '(\\w+)-.*'
                          target_label: service
                        - {action: labeldrop, regex: pod}
                        - action: Lowercase
                          source_labels:
                            - team
                          target_label: team
                        - {source_labels: [team, service], separator: /, target_label: id, replacement: 'x:$1'}
                        - {action: drop, source_labels: [__name__], regex: 'node_.+'}
                        - {action: hashmod, source_labels: [id], modulus: 18446744073709551615, target_label: shard}
                        """).apply(labels).orElseThrow().without("shard"))
                .isEqualTo(Labels.of("__name__", "go_gc", "service", "web", "team", "shop", "id", "x:shop/web"));
    }

    @Test
    void mistakes_areToldWithTheirPlace() {
        refused("- source_labels: [a]\n  target: b\n", "line 2, column 11: the field 'target' is not known here");
        refused("- action: keep\n- action: explode\n", "line 2, column 11: unknown relabel action \"explode\"");
        refused("\n- {source_labels: [a]}", "line 2, column 3: relabel configuration for replace action requires");
        refused("- {action: keep, regex: '('}", "line 1, column 3: error parsing regexp");
        refused("- {action: keep, source_labels: a}", "line 1, column 33: a list is expected");
        refused("- {action: keep, action: drop}", "line 1, column 18: 'action' stands here twice");
        refused("- {action: hashmod, modulus: -1}", "line 1, column 30: a number is expected, got '-1'");
        refused("- {action: keep", "line 1, column 16: ");
        refused("action: keep", "line 1, column 1: a list is expected");
        refused("- &a {action: keep}\n- *a", "anchors are not taken here");
        refused("[".repeat(50) + "]".repeat(50), "Nesting Depth");
        refused("#" + "x".repeat(300_000), "limit");
        refused("[" + "{},".repeat(501) + "]", "501 rules, the limit is 500");
        refused("- !!java.net.URL ['http://example']", "column 3");
    }

    private static void refused(String yaml, String why) {
        assertThatThrownBy(() -> RelabelConfigs.parse(yaml))
                .isInstanceOfSatisfying(
                        AuspexException.class, e -> assertThat(e.code()).isEqualTo(Code.BAD_REQUEST))
                .hasMessageContaining(why);
    }
}
