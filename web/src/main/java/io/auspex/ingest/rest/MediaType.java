package io.auspex.ingest.rest;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code Content-Type} header says.
 *
 * @param name type and subtype in lower case, empty when there is no header
 * @param parameters by name in lower case, without quotes
 */
record MediaType(String name, Map<String, String> parameters) {
    static MediaType of(@Nullable String header) {
        if (header == null) {
            return new MediaType("", Map.of());
        }
        String[] parts = header.split(";", -1);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        parts[i].substring(equals + 1).strip().replace("\"", ""));
            }
        }
        return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
    }

    boolean is(String wanted) {
        return name.equals(wanted);
    }

    @Nullable
    String parameter(String wanted) {
        return parameters.get(wanted);
    }
}
