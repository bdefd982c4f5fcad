package io.auspex.ingest.rest;

import io.auspex.ingest.Account;
import io.auspex.ingest.boundary.RemoteWrites;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prometheus remote write at {@code POST /api/v1/write}.
 *
 * <p>Answers as Prometheus does: 204 without a body, else plain text; 400 when samples were refused although the good
 * ones are stored, 503 with {@code Retry-After} when nothing was stored and the sender shall try again.
 */
@WebServlet(name = "remote-write", urlPatterns = "/api/v1/write")
public class RemoteWriteServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(RemoteWriteServlet.class.getName());
    private static final String RETRY_SECONDS = "5";

    @Inject
    transient RemoteWrites writes;

    private final transient BodyBuffers buffers = new BodyBuffers();

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String refused = refuseForm(request);
        if (refused != null) {
            answer(response, Code.UNSUPPORTED_MEDIA_TYPE.status(), refused);
            return;
        }
        BodyBuffers.Body body = buffers.borrow();
        try {
            body.read(request, writes.maxRequestBytes());
            Account account = writes.write(body.bytes(), body.length());
            if (account.rejected() == 0) {
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            } else {
                answer(response, Code.BAD_DATA.status(), account.message());
            }
        } catch (AuspexException e) {
            fail(response, e);
        } finally {
            buffers.giveBack(body);
        }
    }

    /** Says what is wrong with the content headers, or nothing. */
    private static @Nullable String refuseForm(HttpServletRequest request) {
        String type = request.getContentType();
        String media = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!media.equals("application/x-protobuf")) {
            return "Content-Type must be application/x-protobuf, got " + (type == null ? "none" : type);
        }
        if (type != null && type.contains("proto=") && !type.contains("proto=prometheus.WriteRequest")) {
            return "this server reads prometheus.WriteRequest, got " + type;
        }
        String encoding = request.getHeader("Content-Encoding");
        if (!"snappy".equalsIgnoreCase(encoding)) {
            return "Content-Encoding must be snappy, got " + (encoding == null ? "none" : encoding);
        }
        return null;
    }

    private static void fail(HttpServletResponse response, AuspexException e) throws IOException {
        if (e.code() == Code.UNAVAILABLE || e.code() == Code.QUOTA_EXCEEDED) {
            response.setHeader("Retry-After", RETRY_SECONDS);
        }
        if (e.code().status() >= 500 && e.code() != Code.UNAVAILABLE) {
            LOG.log(System.Logger.Level.ERROR, "remote write failed", e);
        }
        answer(response, e.code().status(), e.detail());
    }

    private static void answer(HttpServletResponse response, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("text/plain; charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
