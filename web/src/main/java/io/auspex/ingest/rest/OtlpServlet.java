package io.auspex.ingest.rest;

import io.auspex.codec.ByteWriter;
import io.auspex.ingest.Account;
import io.auspex.ingest.ContentEncoding;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * OpenTelemetry metrics over HTTP at {@code POST /v1/metrics} and, where Prometheus has it,
 * {@code POST /api/v1/otlp/v1/metrics}.
 *
 * <p>Answers in the form of the request, protobuf or JSON: 200, with {@code partial_success} when data points were
 * refused, else a {@code google.rpc.Status}. 429 and 503 ask to try again.
 */
@WebServlet(
        name = "otlp-metrics",
        urlPatterns = {"/v1/metrics", "/api/v1/otlp/v1/metrics"})
public class OtlpServlet extends IngestServlet {
    private static final long serialVersionUID = 1L;
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";

    @Override
    void store(HttpServletRequest request, BodyBuffers.Body body, HttpServletResponse response) throws IOException {
        MediaType type = MediaType.of(request.getContentType());
        boolean json = type.is(JSON);
        if (!json && !type.is(PROTOBUF)) {
            throw new AuspexException(
                    Code.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be " + PROTOBUF + " or " + JSON + ", got "
                            + (type.name().isEmpty() ? "none" : type.name()));
        }
        ContentEncoding encoding = ContentEncoding.of(request.getHeader("Content-Encoding"));
        Account account = writes.otlp(body.bytes(), body.length(), encoding, json);
        int status = HttpServletResponse.SC_OK;
        if (json) {
            answer(response, status, JSON, partialJson(account).build().toString());
        } else {
            answer(response, status, PROTOBUF, partial(account));
        }
    }

    private static JsonObjectBuilder partialJson(Account account) {
        JsonObjectBuilder answer = Json.createObjectBuilder();
        if (account.rejected() > 0) {
            // 64-bit integers are strings in the JSON of protobuf
            answer.add(
                    "partialSuccess",
                    Json.createObjectBuilder()
                            .add("rejectedDataPoints", Integer.toString(account.refusedItems()))
                            .add("errorMessage", account.message()));
        }
        return answer;
    }

    private static byte[] partial(Account account) {
        if (account.rejected() == 0) {
            return new byte[0];
        }
        ByteWriter partial = new ByteWriter();
        partial.writeByte(1 << 3);
        partial.writeVarint(account.refusedItems());
        text(2, account.message(), partial);
        ByteWriter answer = new ByteWriter();
        answer.writeByte(1 << 3 | 2);
        answer.writeVarint(partial.size());
        answer.writeBytes(partial.array(), 0, partial.size());
        return answer.toByteArray();
    }

    @Override
    void refuse(HttpServletRequest request, Code why, String text, HttpServletResponse response) throws IOException {
        int code = grpc(why);
        if (MediaType.of(request.getContentType()).is(JSON)) {
            String status = Json.createObjectBuilder()
                    .add("code", code)
                    .add("message", text)
                    .build()
                    .toString();
            answer(response, why.status(), JSON, status);
            return;
        }
        ByteWriter status = new ByteWriter();
        status.writeByte(1 << 3);
        status.writeVarint(code);
        text(2, text, status);
        answer(response, why.status(), PROTOBUF, status.toByteArray());
    }

    private static void text(int field, String text, ByteWriter into) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        into.writeByte(field << 3 | 2);
        into.writeVarint(utf8.length);
        into.writeBytes(utf8, 0, utf8.length);
    }

    /** The code of {@code google.rpc.Code}. */
    private static int grpc(Code code) {
        return switch (code) {
            case BAD_DATA, BAD_REQUEST, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE -> 3;
            case FORBIDDEN -> 7;
            case QUOTA_EXCEEDED -> 8;
            case UNAVAILABLE, TIMEOUT -> 14;
            default -> 13;
        };
    }
}
