package io.auspex.ingest.rest;

import io.auspex.ingest.Account;
import io.auspex.ingest.ContentEncoding;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Correlation;
import io.auspex.platform.rest.Problem;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Prometheus text and OpenMetrics at {@code POST /api/v1/import/prometheus}; the content type says which. Answers 204,
 * or a problem.
 */
@WebServlet(name = "text-import", urlPatterns = "/api/v1/import/prometheus")
public class TextImportServlet extends IngestServlet {
    private static final long serialVersionUID = 1L;

    @Override
    void store(HttpServletRequest request, BodyBuffers.Body body, HttpServletResponse response) throws IOException {
        MediaType type = MediaType.of(request.getContentType());
        boolean openMetrics = type.is("application/openmetrics-text");
        if (type.is("application/json") || type.is("application/x-protobuf")) {
            throw new AuspexException(
                    Code.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be text/plain or application/openmetrics-text, got " + type.name());
        }
        ContentEncoding encoding = ContentEncoding.of(request.getHeader("Content-Encoding"));
        Account account = writes.text(body.bytes(), body.length(), encoding, openMetrics);
        answerLines(request, account, response);
    }

    @Override
    void refuse(HttpServletRequest request, Code code, String text, HttpServletResponse response) throws IOException {
        Problem.of(code, text, Correlation.begin(request, response).correlation())
                .send(response);
    }
}
