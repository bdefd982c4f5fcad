package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.RequestContext;
import io.auspex.promql.RemoteReadRequest;
import io.auspex.promql.RemoteReadResponse;
import io.auspex.promql.boundary.Queries;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code POST /api/v1/read}: remote read, by samples or by streamed chunks, as the reader prefers. */
@WebServlet(name = "promqlRemoteRead", urlPatterns = "/api/v1/read")
public class RemoteReadServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Far more than the matchers of any query. */
    private static final int MAX_BYTES = 1 << 20;

    @Inject
    transient Queries queries;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RemoteReadResponse answer;
        try {
            queries.permit();
            answer = queries.read(RemoteReadRequest.parse(body(request), MAX_BYTES));
        } catch (RuntimeException e) {
            PlainErrors.send(ApiError.of(e, RequestContext.current().correlation()), e, response);
            return;
        }
        response.setContentType(answer.contentType());
        response.setHeader("Cache-Control", "no-store");
        if (!answer.chunks()) {
            response.setHeader("Content-Encoding", "snappy");
        }
        answer.write(response.getOutputStream());
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw new AuspexException(
                    Code.PAYLOAD_TOO_LARGE, "a remote-read request has at most " + MAX_BYTES + " bytes");
        }
        return body;
    }
}
