package io.auspex.ingest.control;

import io.auspex.ingest.RelabelRule;
import io.auspex.ingest.RelabelRule.Action;
import io.auspex.ingest.RelabelRules;
import io.auspex.platform.AuspexException;
import java.util.Arrays;
import java.util.List;

/** Reads {@code relabel_configs} and its kin as Prometheus writes them. */
public final class RelabelConfigs {
    private static final int MOST_RULES = 500;

    private RelabelConfigs() {}

    /**
     * The rules of a YAML list; none for an empty text.
     *
     * @throws AuspexException BAD_REQUEST with line and column
     */
    public static RelabelRules parse(String yaml) {
        return ConfigNode.parse(yaml).map(RelabelConfigs::rules).orElse(RelabelRules.NONE);
    }

    static RelabelRules rules(ConfigNode list) {
        List<ConfigNode> items = list.items();
        if (items.size() > MOST_RULES) {
            throw list.error(items.size() + " rules, the limit is " + MOST_RULES);
        }
        return new RelabelRules(items.stream().map(RelabelConfigs::rule).toList());
    }

    private static RelabelRule rule(ConfigNode node) {
        ConfigNode.Fields fields = node.fields();
        RelabelRule.Settings settings = new RelabelRule.Settings(
                fields.find("action").map(RelabelConfigs::action).orElse(Action.REPLACE),
                fields.find("source_labels").map(ConfigNode::texts).orElse(List.of()),
                fields.text("separator", RelabelRule.SEPARATOR),
                fields.text("regex", RelabelRule.REGEX),
                fields.find("modulus").map(ConfigNode::number).orElse(0L),
                fields.text("target_label", ""),
                fields.text("replacement", RelabelRule.REPLACEMENT));
        fields.end();
        return node.make(() -> RelabelRule.of(settings));
    }

    private static Action action(ConfigNode node) {
        String name = node.text();
        return Arrays.stream(Action.values())
                .filter(action -> action.label().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> node.error("unknown relabel action \"" + name + "\""));
    }
}
