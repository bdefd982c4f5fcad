package io.auspex.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names of OpenTelemetry metrics and attributes in the form that Prometheus gives to them by default: letters, digits
 * and underscores, with the unit and {@code _total} or {@code _ratio} behind. Not thread-safe.
 */
final class OtlpNames {
    /** What a metric is, as far as its name tells. */
    enum Kind {
        GAUGE,
        COUNTER,
        OTHER
    }

    private static final int MOST_KEPT = 4_096;
    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("d", "days"),
            Map.entry("h", "hours"),
            Map.entry("min", "minutes"),
            Map.entry("s", "seconds"),
            Map.entry("ms", "milliseconds"),
            Map.entry("us", "microseconds"),
            Map.entry("ns", "nanoseconds"),
            Map.entry("By", "bytes"),
            Map.entry("KiBy", "kibibytes"),
            Map.entry("MiBy", "mebibytes"),
            Map.entry("GiBy", "gibibytes"),
            Map.entry("TiBy", "tibibytes"),
            Map.entry("KBy", "kilobytes"),
            Map.entry("MBy", "megabytes"),
            Map.entry("GBy", "gigabytes"),
            Map.entry("TBy", "terabytes"),
            Map.entry("m", "meters"),
            Map.entry("V", "volts"),
            Map.entry("A", "amperes"),
            Map.entry("J", "joules"),
            Map.entry("W", "watts"),
            Map.entry("g", "grams"),
            Map.entry("Cel", "celsius"),
            Map.entry("Hz", "hertz"),
            Map.entry("1", ""),
            Map.entry("%", "percent"));
    private static final Map<String, String> PER_UNITS =
            Map.of("s", "second", "m", "minute", "h", "hour", "d", "day", "w", "week", "mo", "month", "y", "year");

    private final Map<String, byte[]> kept = new HashMap<>();

    /** The name of a metric as UTF-8. */
    byte[] metric(String name, String unit, Kind kind) {
        String key = kind.ordinal() + name + '\0' + unit;
        byte[] known = kept.get(key);
        if (known == null) {
            if (kept.size() >= MOST_KEPT) {
                kept.clear();
            }
            known = translate(name, unit, kind).getBytes(StandardCharsets.UTF_8);
            kept.put(key, known);
        }
        return known;
    }

    static String translate(String name, String unit, Kind kind) {
        List<String> tokens = tokens(name);
        if (tokens.isEmpty()) {
            return "";
        }
        String[] parts = unit.split("/", 2);
        addUnit(tokens, "", UNITS.getOrDefault(parts[0].strip(), parts[0].strip()));
        if (parts.length == 2) {
            addUnit(tokens, "per", PER_UNITS.getOrDefault(parts[1].strip(), parts[1].strip()));
        }
        if (kind == Kind.COUNTER) {
            tokens.removeIf("total"::equals);
            tokens.add("total");
        } else if (kind == Kind.GAUGE && unit.equals("1")) {
            tokens.removeIf("ratio"::equals);
            tokens.add("ratio");
        }
        String joined = String.join("_", tokens);
        return Character.isDigit(joined.charAt(0)) ? "_" + joined : joined;
    }

    /** A unit in the words of Prometheus, as metadata name it. */
    static String unit(String unit) {
        List<String> tokens = new ArrayList<>();
        String[] parts = unit.split("/", 2);
        addUnit(tokens, "", UNITS.getOrDefault(parts[0].strip(), parts[0].strip()));
        if (parts.length == 2) {
            addUnit(tokens, "per", PER_UNITS.getOrDefault(parts[1].strip(), parts[1].strip()));
        }
        return String.join("_", tokens);
    }

    private static void addUnit(List<String> tokens, String before, String unit) {
        if (unit.indexOf('{') >= 0 || unit.indexOf('}') >= 0) {
            return;
        }
        List<String> words = tokens(unit);
        if (words.isEmpty() || tokens.containsAll(words)) {
            return;
        }
        if (!before.isEmpty()) {
            tokens.add(before);
        }
        tokens.addAll(words);
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean word = i < text.length() && isWord(text.charAt(i));
            if (word && from < 0) {
                from = i;
            } else if (!word && from >= 0) {
                tokens.add(text.substring(from, i));
                from = -1;
            }
        }
        return tokens;
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':';
    }
}
