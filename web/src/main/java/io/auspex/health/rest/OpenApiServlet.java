package io.auspex.health.rest;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The API's contract, OpenAPI 3.1: {@code /openapi} as YAML, the way it is written, {@code /openapi.json} as JSON. */
@WebServlet(
        name = "openapi",
        urlPatterns = {"/openapi", "/openapi.json"})
public class OpenApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String CONTRACT = "/openapi/auspex.yaml";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] yaml = contract();
        boolean json = request.getServletPath().endsWith(".json");
        response.setContentType(json ? "application/json" : "application/yaml");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "max-age=300");
        response.getOutputStream().write(json ? toJson(yaml) : yaml);
    }

    static byte[] contract() throws IOException {
        try (InputStream in = OpenApiServlet.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw new IOException(CONTRACT + " is not packaged");
            }
            return in.readAllBytes();
        }
    }

    static byte[] toJson(byte[] yaml) {
        Object document =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(yaml, StandardCharsets.UTF_8));
        return json(document).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonValue json(@Nullable Object value) {
        if (value == null) {
            return JsonValue.NULL;
        }
        if (value instanceof Map<?, ?> map) {
            JsonObjectBuilder object = Json.createObjectBuilder();
            map.forEach((key, member) -> object.add(String.valueOf(key), json(member)));
            return object.build();
        }
        if (value instanceof Collection<?> collection) {
            JsonArrayBuilder array = Json.createArrayBuilder();
            collection.forEach(member -> array.add(json(member)));
            return array.build();
        }
        if (value instanceof Boolean truth) {
            return truth ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Number number) {
            return Json.createValue(new BigDecimal(number.toString()));
        }
        return Json.createValue(value.toString());
    }
}
