package io.auspex.promql.rest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Errors where the reference answers with a line of text: remote read and federation. */
final class PlainErrors {
    private static final System.Logger LOG = System.getLogger(PlainErrors.class.getName());

    private PlainErrors() {}

    static void send(ApiError error, RuntimeException thrown, HttpServletResponse response) throws IOException {
        if (error.isOurs()) {
            LOG.log(System.Logger.Level.ERROR, "query failed", thrown);
        }
        byte[] body = (error.message() + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(error.status());
        response.setContentType("text/plain; charset=utf-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
