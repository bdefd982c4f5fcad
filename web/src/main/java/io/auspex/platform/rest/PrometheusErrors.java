package io.auspex.platform.rest;

import io.auspex.platform.Code;
import jakarta.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Errors on the paths whose meaning Prometheus owns: clients there read its envelope and no problem document.
 *
 * <p>Endpoints answer their own errors; this is for what happens before one is reached: no credential, a tenant that
 * is not granted, a path that is none.
 */
public final class PrometheusErrors {
    private static final Pattern OWNED = Pattern.compile("/api/v1/(query|query_range|query_exemplars|format_query"
            + "|parse_query|series|labels|label/.*|metadata|rules|alerts|alertmanagers|targets(/.*)?|scrape_pools"
            + "|status/.*|notifications(/.*)?|read|admin/tsdb/.*)/?");

    private PrometheusErrors() {}

    /** Whether errors of a path, without the context root, are told in Prometheus' envelope. */
    public static boolean owns(String path) {
        return OWNED.matcher(path).matches();
    }

    /** The {@code errorType} of a code. */
    public static String type(Code code) {
        return switch (code) {
            case BAD_REQUEST, BAD_DATA, PAYLOAD_TOO_LARGE, LENGTH_REQUIRED, UNSUPPORTED_MEDIA_TYPE -> "bad_data";
            case METHOD_NOT_ALLOWED, CONFLICT, PRECONDITION_FAILED, PRECONDITION_REQUIRED -> "bad_data";
            case UNAUTHENTICATED -> "unauthorized";
            case FORBIDDEN -> "forbidden";
            case NOT_FOUND -> "not_found";
            case NOT_ACCEPTABLE -> "not_acceptable";
            case UNPROCESSABLE -> "execution";
            case QUOTA_EXCEEDED -> "too_many_requests";
            case INTERNAL, DATA_CORRUPT, FORMAT_TOO_OLD, FORMAT_TOO_NEW -> "internal";
            case UNAVAILABLE -> "unavailable";
            case TIMEOUT -> "timeout";
        };
    }

    /** The envelope. */
    static String body(Code code, String detail) {
        return Json.createObjectBuilder()
                .add("status", "error")
                .add("errorType", type(code))
                .add("error", detail)
                .build()
                .toString();
    }

    /** Answers with the envelope, unless an answer has begun. */
    public static void send(Code code, String detail, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = body(code, detail).getBytes(StandardCharsets.UTF_8);
        response.resetBuffer();
        response.setStatus(code.status());
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }
}
