package io.auspex.promql.rest;

import java.io.IOException;
import java.util.List;

/**
 * What a request is answered with: the data, and remarks about it.
 *
 * @param data writes one JSON value
 */
record Answer(Data data, List<String> warnings, List<String> infos) {
    /** Writes one JSON value. */
    @FunctionalInterface
    interface Data {
        void write(JsonWriter json) throws IOException;
    }

    static final String TRUNCATED = "results truncated due to limit";

    static Answer of(Data data) {
        return new Answer(data, List.of(), List.of());
    }

    /** An answer that says when a limit cut it. */
    static Answer limited(Data data, boolean truncated) {
        return new Answer(data, truncated ? List.of(TRUNCATED) : List.of(), List.of());
    }

    /** The whole envelope. */
    void write(JsonWriter json) throws IOException {
        json.beginObject().name("status").string("success").name("data");
        data.write(json);
        texts("warnings", warnings, json);
        texts("infos", infos, json);
        json.endObject();
        json.flush();
    }

    private static void texts(String name, List<String> texts, JsonWriter json) throws IOException {
        if (texts.isEmpty()) {
            return;
        }
        json.name(name).beginArray();
        for (String text : texts) {
            json.string(text);
        }
        json.endArray();
    }
}
