package io.auspex.ingest;

import io.auspex.series.Labels;
import java.util.List;
import java.util.Optional;

/** Rules that are applied one after the other. Immutable. */
public record RelabelRules(List<RelabelRule> rules) {
    public static final RelabelRules NONE = new RelabelRules(List.of());

    public RelabelRules {
        rules = List.copyOf(rules);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Changes labels; whether they are kept. */
    public boolean apply(LabelsBuilder labels) {
        for (RelabelRule rule : rules) {
            if (!rule.apply(labels)) {
                return false;
            }
        }
        return true;
    }

    /** The labels after all rules; nothing when they are dropped or none is left. */
    public Optional<Labels> apply(Labels labels) {
        LabelsBuilder builder = new LabelsBuilder(labels);
        if (!apply(builder)) {
            return Optional.empty();
        }
        return Optional.of(builder.build()).filter(left -> !left.isEmpty());
    }
}
