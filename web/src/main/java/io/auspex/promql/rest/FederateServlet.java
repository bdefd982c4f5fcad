package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.RequestContext;
import io.auspex.promql.LatestSamples.Latest;
import io.auspex.promql.boundary.Queries;
import io.auspex.series.Labels;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Writer;
import java.time.Clock;
import java.util.SortedMap;

/** {@code GET /federate}: the newest samples of series that match, in the text format with their times. */
@WebServlet(name = "promqlFederate", urlPatterns = "/federate")
public class FederateServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Queries queries;

    @Inject
    transient Clock clock;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SortedMap<Labels, Latest> found;
        try {
            Parameters parameters = new Parameters(request.getParameterMap());
            queries.permit();
            if (parameters.matchers().isEmpty()) {
                throw new AuspexException(Code.BAD_DATA, "no match[] parameter provided");
            }
            found = queries.latest(parameters.matchers(), clock.millis());
        } catch (RuntimeException e) {
            PlainErrors.send(ApiError.of(e, RequestContext.current().correlation()), e, response);
            return;
        }
        String accept = request.getHeader("Accept");
        boolean utf8 = accept != null && accept.contains("escaping=allow-utf-8");
        response.setContentType(
                utf8
                        ? "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
                        : "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
        response.setHeader("Cache-Control", "no-store");
        Writer out = response.getWriter();
        new FederationText(out, utf8).write(found);
    }
}
