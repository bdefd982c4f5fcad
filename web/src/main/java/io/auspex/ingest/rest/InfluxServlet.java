package io.auspex.ingest.rest;

import io.auspex.ingest.Account;
import io.auspex.ingest.ContentEncoding;
import io.auspex.ingest.TimePrecision;
import io.auspex.platform.Code;
import io.auspex.platform.rest.QueryString;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The Influx line protocol as versions 1 ({@code POST /write}) and 2 ({@code POST /api/v2/write}) send it.
 *
 * <p>Each numeric field becomes a sample of the metric {@code measurement_field}. Databases, buckets and organisations
 * do not say whose samples they are, which the credential does; a tenant may have them as labels. Errors are JSON as the version's clients read it.
 */
@WebServlet(
        name = "influx-write",
        urlPatterns = {"/write", "/api/v2/write"})
public class InfluxServlet extends IngestServlet {
    private static final long serialVersionUID = 1L;
    private static final String JSON = "application/json";

    @Override
    void store(HttpServletRequest request, BodyBuffers.Body body, HttpServletResponse response) throws IOException {
        ContentEncoding encoding = ContentEncoding.of(request.getHeader("Content-Encoding"));
        QueryString parameters = QueryString.of(request);
        TimePrecision precision = TimePrecision.of(parameters.get("precision"));
        Account account = writes.influx(body.bytes(), body.length(), encoding, precision, parameters::get);
        answerLines(request, account, response);
    }

    @Override
    void refuse(HttpServletRequest request, Code code, String text, HttpServletResponse response) throws IOException {
        JsonObjectBuilder json = Json.createObjectBuilder();
        if (request.getServletPath().equals("/write")) {
            response.setHeader("X-Influxdb-Error", header(text));
            json.add("error", text);
        } else {
            json.add("code", name(code)).add("message", text);
        }
        answer(response, code.status(), JSON, json.build().toString() + "\n");
    }

    private static String header(String text) {
        return text.substring(0, Math.min(text.length(), 1_000)).replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** The names that InfluxDB 2 gives to errors. */
    private static String name(Code code) {
        return switch (code) {
            case BAD_DATA, BAD_REQUEST -> "invalid";
            case FORBIDDEN -> "forbidden";
            case PAYLOAD_TOO_LARGE -> "request too large";
            case UNSUPPORTED_MEDIA_TYPE -> "unsupported media type";
            case QUOTA_EXCEEDED -> "too many requests";
            case UNAVAILABLE -> "unavailable";
            default -> "internal error";
        };
    }
}
