package io.auspex.platform.rest;

import io.auspex.platform.Code;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * An error as callers see it: RFC 9457 {@code application/problem+json}.
 *
 * <p>{@code type} is {@code /problems/} and the code's slug, {@code instance} the correlation id.
 *
 * @param detail for the caller: value, limit and position, never internals
 */
public record Problem(Code code, String detail, String instance) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(Code code, String detail, String correlation) {
        return new Problem(code, detail, Correlation.instance(correlation));
    }

    public JsonObject json() {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("type", "/problems/" + code.slug())
                .add("title", title())
                .add("status", code.status())
                .add("detail", detail);
        if (!instance.isEmpty()) {
            json.add("instance", instance);
        }
        return json.build();
    }

    public Response response() {
        Response.ResponseBuilder response =
                Response.status(code.status()).type(MEDIA_TYPE).entity(json().toString());
        response.header("Cache-Control", "no-store");
        if (code == Code.UNAVAILABLE || code == Code.QUOTA_EXCEEDED) {
            response.header("Retry-After", 5);
        }
        return response.build();
    }

    /** Answers a servlet's request, which has no entity mapping of its own. */
    public void send(HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = json().toString().getBytes(StandardCharsets.UTF_8);
        response.resetBuffer();
        response.setStatus(code.status());
        response.setContentType(MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    private String title() {
        String words = code.slug().replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
