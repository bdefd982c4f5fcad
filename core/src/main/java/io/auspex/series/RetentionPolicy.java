package io.auspex.series;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How long a tenant keeps its samples and their roll-ups: by classes of metrics, of which the first that matches has a
 * metric. The last class is {@link #DEFAULT} and has all others.
 *
 * <p>A tier that is kept for n days has today and the n UTC days before it.
 *
 * @param version counts changes; 0 when nothing was ever set
 */
public record RetentionPolicy(List<MetricClass> classes, int version) {
    public static final String DEFAULT = "default";
    public static final int MOST_CLASSES = 16;
    public static final int MOST_DAYS = 3_650;
    public static final int MOST_PATTERN = 500;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final String ALL = ".*";

    /** @param metrics RE2 pattern of whole metric names */
    public record MetricClass(String name, String metrics, Map<Tier, Integer> days) {
        public MetricClass {
            days = Map.copyOf(days);
        }

        public int days(Tier tier) {
            return days.getOrDefault(tier, tier.defaultDays());
        }
    }

    /** @throws AuspexException BAD_REQUEST when it is not a policy; the detail names the class and the limit */
    public RetentionPolicy {
        classes = List.copyOf(classes);
        if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
            throw bad("a policy has 1 to " + MOST_CLASSES + " classes, got " + classes.size());
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < classes.size(); i++) {
            check(classes.get(i), i == classes.size() - 1);
            if (!names.add(classes.get(i).name())) {
                throw bad("the class " + classes.get(i).name() + " stands there twice");
            }
        }
    }

    private static void check(MetricClass metricClass, boolean last) {
        String name = metricClass.name();
        if (!NAME.matcher(name).matches()) {
            throw bad("the name of a class has 1 to 40 lower case letters, digits and hyphens, got \"" + name + "\"");
        }
        if (last != name.equals(DEFAULT) || (last && !metricClass.metrics().equals(ALL))) {
            throw bad("the last class, and no other, is \"" + DEFAULT + "\" for the metrics \"" + ALL + "\"");
        }
        if (metricClass.metrics().isEmpty() || metricClass.metrics().length() > MOST_PATTERN) {
            throw bad("metrics of class " + name + " must be a pattern of 1 to " + MOST_PATTERN + " characters");
        }
        try {
            pattern(metricClass);
        } catch (AuspexException e) {
            throw new AuspexException(Code.BAD_REQUEST, "metrics of class " + name + ": " + e.detail(), e);
        }
        for (Tier tier : Tier.values()) {
            int days = metricClass.days(tier);
            if (days < 1 || days > MOST_DAYS) {
                throw bad("days of tier " + tier.label() + " of class " + name + " must be 1 to " + MOST_DAYS + ", got "
                        + days);
            }
        }
    }

    private static AuspexException bad(String detail) {
        return new AuspexException(Code.BAD_REQUEST, detail);
    }

    private static Matcher pattern(MetricClass metricClass) {
        return new Matcher(Matcher.Type.REGEX, Labels.METRIC_NAME, metricClass.metrics());
    }

    /** What holds where a tenant has set nothing. */
    public static RetentionPolicy defaults(int rawDays) {
        Map<Tier, Integer> days = new EnumMap<>(Tier.class);
        for (Tier tier : Tier.values()) {
            days.put(tier, tier.isRaw() ? rawDays : tier.defaultDays());
        }
        return new RetentionPolicy(List.of(new MetricClass(DEFAULT, ALL, days)), 0);
    }

    /** The longest time that any class keeps a tier. */
    public int longest(Tier tier) {
        return classes.stream()
                .mapToInt(metricClass -> metricClass.days(tier))
                .max()
                .orElseThrow();
    }

    /** The shortest time that any class keeps a tier. */
    public int shortest(Tier tier) {
        return classes.stream()
                .mapToInt(metricClass -> metricClass.days(tier))
                .min()
                .orElseThrow();
    }

    /** Finds the classes of metrics; holds compiled patterns. */
    public Classifier classifier() {
        return new Classifier(this);
    }

    /** Says which class a metric is of. */
    public static final class Classifier {
        private final List<MetricClass> classes;
        private final List<Matcher> patterns = new ArrayList<>();

        private Classifier(RetentionPolicy policy) {
            classes = policy.classes();
            classes.forEach(metricClass -> patterns.add(pattern(metricClass)));
        }

        public MetricClass of(String metric) {
            for (int i = 0; i < classes.size() - 1; i++) {
                if (patterns.get(i).matches(metric)) {
                    return classes.get(i);
                }
            }
            return classes.get(classes.size() - 1);
        }
    }
}
