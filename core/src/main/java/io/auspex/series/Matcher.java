package io.auspex.series;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one label. Regular expressions are RE2, always anchored, and run in linear time; an
 * absent label matches as the empty string.
 */
public final class Matcher {
    /** How the value is compared. */
    public enum Type {
        EQUAL("="),
        NOT_EQUAL("!="),
        REGEX("=~"),
        NOT_REGEX("!~");

        private final String symbol;

        Type(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    private final Type type;
    private final String name;
    private final String value;
    private final @Nullable Pattern pattern;

    public Matcher(Type type, String name, String value) {
        this.type = type;
        this.name = Objects.requireNonNull(name, "name is null");
        this.value = Objects.requireNonNull(value, "value is null");
        this.pattern = type == Type.REGEX || type == Type.NOT_REGEX ? compile(value) : null;
    }

    private static Pattern compile(String expression) {
        try {
            return Pattern.compile("^(?s:" + expression + ")$");
        } catch (PatternSyntaxException e) {
            throw new AuspexException(
                    Code.BAD_DATA, "error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`", e);
        }
    }

    public static Matcher equal(String name, String value) {
        return new Matcher(Type.EQUAL, name, value);
    }

    public Type type() {
        return type;
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    public boolean matches(String candidate) {
        return switch (type) {
            case EQUAL -> value.equals(candidate);
            case NOT_EQUAL -> !value.equals(candidate);
            case REGEX -> Objects.requireNonNull(pattern).matches(candidate);
            case NOT_REGEX -> !Objects.requireNonNull(pattern).matches(candidate);
        };
    }

    /** Whether a series without the label matches. */
    public boolean matchesEmpty() {
        return matches("");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matcher that && type == that.type && name.equals(that.name) && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, name, value);
    }

    @Override
    public String toString() {
        return name
                + type.symbol()
                + '"'
                + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                + '"';
    }
}
