package io.auspex.ingest.rest;

import io.auspex.ingest.Account;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Prometheus remote write 1.0 and 2.0 at {@code POST /api/v1/write}; the content type says which.
 *
 * <p>Answers as Prometheus does: 204 without a body, else plain text; 400 when samples were refused although the good
 * ones are stored, 503 with {@code Retry-After} when nothing was stored and the sender shall try again. Senders of
 * version 2.0 are told in headers how much was written, whatever the status.
 */
@WebServlet(name = "remote-write", urlPatterns = "/api/v1/write")
public class RemoteWriteServlet extends IngestServlet {
    private static final long serialVersionUID = 1L;
    private static final String WRITTEN = "X-Prometheus-Remote-Write-%s-Written";
    private static final String VERSION_1 = "prometheus.WriteRequest";
    private static final String VERSION_2 = "io.prometheus.write.v2.Request";

    @Override
    void store(HttpServletRequest request, BodyBuffers.Body body, HttpServletResponse response) throws IOException {
        boolean second = isVersion2(request);
        if (second) {
            written(response, new Account());
        }
        Account account = second
                ? writes.remoteWrite2(body.bytes(), body.length())
                : writes.remoteWrite1(body.bytes(), body.length());
        if (second) {
            written(response, account);
        }
        if (account.rejected() == 0) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            say(response, Code.BAD_DATA.status(), account.message());
        }
    }

    @Override
    void refuse(HttpServletRequest request, Code why, String text, HttpServletResponse response) throws IOException {
        say(response, why.status(), text);
    }

    private static void say(HttpServletResponse response, int status, String text) throws IOException {
        answer(response, status, "text/plain; charset=utf-8", text + "\n");
    }

    private static void written(HttpServletResponse response, Account account) {
        response.setHeader(WRITTEN.formatted("Samples"), Long.toString(account.samples()));
        response.setHeader(WRITTEN.formatted("Histograms"), Long.toString(account.histograms()));
        response.setHeader(WRITTEN.formatted("Exemplars"), Long.toString(account.exemplars()));
    }

    /** @throws AuspexException UNSUPPORTED_MEDIA_TYPE when the headers name neither version */
    private static boolean isVersion2(HttpServletRequest request) {
        MediaType type = MediaType.of(request.getContentType());
        if (!type.is("application/x-protobuf")) {
            throw unsupported("Content-Type must be application/x-protobuf, got " + shown(request.getContentType()));
        }
        String message = type.parameter("proto");
        if (message != null && !message.equals(VERSION_1) && !message.equals(VERSION_2)) {
            throw unsupported("proto must be " + VERSION_1 + " or " + VERSION_2 + ", got " + shown(message));
        }
        String encoding = request.getHeader("Content-Encoding");
        if (!"snappy".equalsIgnoreCase(encoding)) {
            throw unsupported("Content-Encoding must be snappy, got " + shown(encoding));
        }
        return VERSION_2.equals(message);
    }

    private static AuspexException unsupported(String text) {
        return new AuspexException(Code.UNSUPPORTED_MEDIA_TYPE, text);
    }

    private static String shown(@Nullable String value) {
        return value == null ? "none" : value.substring(0, Math.min(value.length(), 200));
    }
}
