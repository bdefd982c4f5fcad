package io.auspex.ingest;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * One entry of {@code relabel_configs}, with the meaning that Prometheus 3.5 gives it. Regular expressions are RE2,
 * always anchored. Immutable.
 */
public final class RelabelRule {
    public static final String SEPARATOR = ";";
    public static final String REGEX = "(.*)";
    public static final String REPLACEMENT = "$1";

    /** What a rule does. */
    public enum Action {
        REPLACE,
        KEEP,
        DROP,
        KEEPEQUAL,
        DROPEQUAL,
        HASHMOD,
        LABELMAP,
        LABELDROP,
        LABELKEEP,
        LOWERCASE,
        UPPERCASE;

        /** As it stands in configurations. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean needsTarget() {
            return switch (this) {
                case REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL -> true;
                case KEEP, DROP, LABELMAP, LABELDROP, LABELKEEP -> false;
            };
        }
    }

    private final Action action;
    private final List<String> sources;
    private final String separator;
    private final boolean takesAll;
    private final Pattern regex;
    private final RegexTemplate target;
    private final RegexTemplate replacement;
    private final long modulus;

    private RelabelRule(Settings from, Pattern regex) {
        action = from.action();
        sources = from.sourceLabels();
        separator = from.separator();
        takesAll = from.regex().equals(REGEX);
        this.regex = regex;
        target = new RegexTemplate(from.targetLabel());
        replacement = new RegexTemplate(from.replacement());
        modulus = from.modulus();
    }

    /**
     * A rule as it is written, with defaults where nothing is.
     *
     * @param modulus unsigned; 0 when there is none
     */
    public record Settings(
            Action action,
            List<String> sourceLabels,
            String separator,
            String regex,
            long modulus,
            String targetLabel,
            String replacement) {
        public Settings {
            sourceLabels = List.copyOf(sourceLabels);
        }

        private boolean onlyRegex() {
            return sourceLabels.isEmpty() && targetLabel.isEmpty() && modulus == 0 && plainTexts();
        }

        private boolean onlyLabels() {
            return regex.equals(REGEX) && modulus == 0 && plainTexts();
        }

        private boolean plainTexts() {
            return separator.equals(SEPARATOR) && replacement.equals(REPLACEMENT);
        }
    }

    /**
     * The rule of these settings.
     *
     * @throws IllegalArgumentException with the reference's words when they contradict each other
     */
    public static RelabelRule of(Settings settings) {
        check(settings);
        try {
            return new RelabelRule(settings, Pattern.compile("^(?s:" + settings.regex() + ")$"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`", e);
        }
    }

    private static void check(Settings of) {
        Action action = of.action();
        if (action == Action.HASHMOD) {
            require(of.modulus() != 0, "relabel configuration for hashmod requires non-zero modulus");
        }
        if (action.needsTarget()) {
            require(
                    !of.targetLabel().isEmpty(),
                    "relabel configuration for " + action.label() + " action requires 'target_label' value");
        }
        if (action == Action.LABELMAP) {
            require(!of.replacement().isEmpty(), "\"\" is invalid 'replacement' for labelmap action");
        }
        if (action == Action.LOWERCASE || action == Action.UPPERCASE) {
            require(
                    of.replacement().equals(REPLACEMENT),
                    "'replacement' can not be set for " + action.label() + " action");
        }
        if (action == Action.KEEPEQUAL || action == Action.DROPEQUAL) {
            require(
                    of.onlyLabels(),
                    action.label() + " action requires only 'source_labels' and 'target_label', and no other fields");
        }
        if (action == Action.LABELDROP || action == Action.LABELKEEP) {
            require(of.onlyRegex(), action.label() + " action requires only 'regex', and no other fields");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Changes labels; whether the series or target is kept. */
    public boolean apply(LabelsBuilder labels) {
        switch (action) {
            case KEEP -> {
                return regex.matches(value(labels));
            }
            case DROP -> {
                return !regex.matches(value(labels));
            }
            case KEEPEQUAL -> {
                return labels.get(target.text()).equals(value(labels));
            }
            case DROPEQUAL -> {
                return !labels.get(target.text()).equals(value(labels));
            }
            case REPLACE -> replace(labels);
            case HASHMOD -> labels.set(target.text(), Long.toUnsignedString(hash(value(labels))));
            case LOWERCASE -> labels.set(target.text(), value(labels).toLowerCase(Locale.ROOT));
            case UPPERCASE -> labels.set(target.text(), value(labels).toUpperCase(Locale.ROOT));
            case LABELMAP ->
                labels.forEach((name, value) -> {
                    Matcher matcher = regex.matcher(name);
                    if (matcher.matches()) {
                        labels.set(replacement.expand(matcher, name), value);
                    }
                });
            case LABELDROP ->
                labels.forEach((name, value) -> {
                    if (regex.matches(name)) {
                        labels.remove(name);
                    }
                });
            case LABELKEEP ->
                labels.forEach((name, value) -> {
                    if (!regex.matches(name)) {
                        labels.remove(name);
                    }
                });
        }
        return true;
    }

    private String value(LabelsBuilder labels) {
        if (sources.size() == 1) {
            return labels.get(sources.get(0));
        }
        StringJoiner all = new StringJoiner(separator);
        sources.forEach(name -> all.add(labels.get(name)));
        return all.toString();
    }

    private void replace(LabelsBuilder labels) {
        String value = value(labels);
        if (takesAll && value.isEmpty() && target.isPlain() && replacement.isPlain()) {
            labels.set(target.text(), replacement.text());
            return;
        }
        Matcher matcher = regex.matcher(value);
        if (matcher.matches()) {
            String name = target.expand(matcher, value);
            if (!name.isEmpty()) {
                labels.set(name, replacement.expand(matcher, value));
            }
        }
    }

    /** The last eight bytes of the MD5, as the reference has always taken them. */
    private long hash(String value) {
        try {
            byte[] md5 = MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8));
            return Long.remainderUnsigned(ByteBuffer.wrap(md5).getLong(8), modulus);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
