package io.auspex.ingest.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A piece of YAML that somebody wrote, with its place in the text: every mistake is told with line and column. Anchors
 * are refused, so that a text never means more than its length.
 */
final class ConfigNode {
    private static final int MOST_CHARACTERS = 256 << 10;
    private static final int MOST_DEPTH = 12;
    private static final int MOST_SHOWN = 100;

    private final Node node;

    private ConfigNode(Node node) {
        this.node = node;
        if (node.getAnchor() != null) {
            throw error("anchors are not taken here");
        }
    }

    /** @throws AuspexException BAD_REQUEST with line and column; empty for a text without content */
    static Optional<ConfigNode> parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new AuspexException(Code.BAD_REQUEST, text.length() + " characters, the limit is " + MOST_CHARACTERS);
        }
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MOST_DEPTH);
        try {
            return Optional.ofNullable(new Yaml(options).compose(new StringReader(text)))
                    .filter(root -> !root.getTag().equals(Tag.NULL))
                    .map(ConfigNode::new);
        } catch (MarkedYAMLException e) {
            throw new AuspexException(Code.BAD_REQUEST, place(e.getProblemMark()) + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new AuspexException(Code.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static String place(@Nullable Mark mark) {
        return mark == null ? "" : "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": ";
    }

    AuspexException error(String problem) {
        return new AuspexException(Code.BAD_REQUEST, place(node.getStartMark()) + problem);
    }

    /** A check that tells what it finds wrong as an {@link IllegalArgumentException}. */
    @FunctionalInterface
    interface Making<T> {
        T make();
    }

    /** What is made of this piece; what is wrong with it is told with its place. */
    <T> T make(Making<T> making) {
        try {
            return making.make();
        } catch (IllegalArgumentException e) {
            throw error(String.valueOf(e.getMessage()));
        }
    }

    List<ConfigNode> items() {
        if (!(node instanceof SequenceNode sequence)) {
            throw error("a list is expected");
        }
        List<ConfigNode> items = new ArrayList<>();
        sequence.getValue().forEach(item -> items.add(new ConfigNode(item)));
        return items;
    }

    String text() {
        if (!(node instanceof ScalarNode scalar)) {
            throw error("a single value is expected");
        }
        return scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue();
    }

    List<String> texts() {
        return items().stream().map(ConfigNode::text).toList();
    }

    boolean truth() {
        return switch (text()) {
            case "true", "True", "TRUE", "yes", "Yes", "on" -> true;
            case "false", "False", "FALSE", "no", "No", "off" -> false;
            default -> throw error("true or false is expected, got '" + shown() + "'");
        };
    }

    private String shown() {
        String text = text();
        return text.substring(0, Math.min(text.length(), MOST_SHOWN));
    }

    /** A number that is not negative. */
    long number() {
        try {
            return Long.parseUnsignedLong(text());
        } catch (NumberFormatException e) {
            throw error("a number is expected, got '" + shown() + "'");
        }
    }

    int count() {
        long number = number();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw error("a number up to " + Integer.MAX_VALUE + " is expected, got '" + shown() + "'");
        }
        return (int) number;
    }

    /** The entries of a mapping, in their order; a name may stand once. */
    Map<String, ConfigNode> entries() {
        if (!(node instanceof MappingNode mapping)) {
            throw error("names with values are expected");
        }
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            ConfigNode key = new ConfigNode(entry.getKeyNode());
            if (entries.put(key.text(), new ConfigNode(entry.getValueNode())) != null) {
                throw key.error("'" + key.shown() + "' stands here twice");
            }
        }
        return entries;
    }

    /** The entries of a mapping of texts. */
    Map<String, String> textEntries() {
        Map<String, String> texts = new LinkedHashMap<>();
        entries().forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }

    /** The fields of an object; {@link Fields#end} refuses those that nobody asked for. */
    Fields fields() {
        return new Fields(entries());
    }

    /** Fields of an object by name. */
    final class Fields {
        private final Map<String, ConfigNode> entries;
        private final Set<String> asked = new HashSet<>();

        private Fields(Map<String, ConfigNode> entries) {
            this.entries = entries;
        }

        Optional<ConfigNode> find(String name) {
            asked.add(name);
            return Optional.ofNullable(entries.get(name));
        }

        String text(String name, String otherwise) {
            return find(name).map(ConfigNode::text).orElse(otherwise);
        }

        boolean truth(String name, boolean otherwise) {
            return find(name).map(ConfigNode::truth).orElse(otherwise);
        }

        int count(String name) {
            return find(name).map(ConfigNode::count).orElse(0);
        }

        void end() {
            for (Map.Entry<String, ConfigNode> entry : entries.entrySet()) {
                if (!asked.contains(entry.getKey())) {
                    String name = entry.getKey();
                    throw entry.getValue()
                            .error("the field '" + name.substring(0, Math.min(name.length(), MOST_SHOWN))
                                    + "' is not known here");
                }
            }
        }
    }
}
