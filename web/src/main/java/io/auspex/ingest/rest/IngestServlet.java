package io.auspex.ingest.rest;

import io.auspex.ingest.Account;
import io.auspex.ingest.boundary.SampleWrites;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A path to which collectors POST samples. The body is read into a buffer that is used again, and errors are answered
 * in the protocol's own form; whoever shall try again is told when.
 */
abstract class IngestServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(IngestServlet.class.getName());
    private static final String RETRY_SECONDS = "5";

    @Inject
    transient SampleWrites writes;

    private final transient BodyBuffers buffers = new BodyBuffers();

    /** Stores a request and answers. */
    abstract void store(HttpServletRequest request, BodyBuffers.Body body, HttpServletResponse response)
            throws IOException;

    /** Answers a request of which something was refused. */
    abstract void refuse(HttpServletRequest request, Code why, String text, HttpServletResponse response)
            throws IOException;

    @Override
    protected final void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        BodyBuffers.Body body = buffers.borrow();
        try {
            writes.authorize();
            body.read(request, writes.maxRequestBytes());
            store(request, body, response);
        } catch (AuspexException e) {
            if (e.code() == Code.UNAVAILABLE || e.code() == Code.QUOTA_EXCEEDED) {
                response.setHeader("Retry-After", RETRY_SECONDS);
            }
            if (e.code().status() >= 500 && e.code() != Code.UNAVAILABLE) {
                LOG.log(System.Logger.Level.ERROR, "samples could not be stored", e);
            }
            refuse(request, e.code(), e.detail(), response);
        } finally {
            buffers.giveBack(body);
        }
    }

    /** Answers what was sent as lines of text. */
    final void answerLines(HttpServletRequest request, Account account, HttpServletResponse response)
            throws IOException {
        if (account.rejected() == 0) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            refuse(request, Code.BAD_DATA, Lines.partial(account), response);
        }
    }

    static void answer(HttpServletResponse response, int status, String mediaType, String text) throws IOException {
        answer(response, status, mediaType, text.getBytes(StandardCharsets.UTF_8));
    }

    static void answer(HttpServletResponse response, int status, String mediaType, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
