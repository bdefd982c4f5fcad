package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.RequestContext;
import io.auspex.series.DeletionRequest;
import io.auspex.series.boundary.SeriesDeletion;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An operation of {@code /api/v1/admin/tsdb}: POST or PUT, answered with 204 or the reference's envelope. */
abstract class TsdbAdminServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(TsdbAdminServlet.class.getName());
    private static final Duration LONGEST_UNDO = Duration.ofDays(30);

    @Inject
    transient SeriesDeletion deletion;

    /** Does it; who has nothing to {@link #send} answers 204. */
    abstract void run(Parameters parameters, HttpServletResponse response) throws IOException;

    static void send(Answer answer, HttpServletResponse response) throws IOException {
        PrometheusServlet.begin(response, HttpServletResponse.SC_OK);
        answer.write(new JsonWriter(response.getOutputStream()));
    }

    @Override
    protected final void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getUserPrincipal() == null) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Auspex\"");
            PrometheusServlet.send(response, ApiError.UNAUTHENTICATED);
            return;
        }
        try {
            deletion.permit();
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            run(new Parameters(request.getParameterMap()), response);
        } catch (RuntimeException e) {
            ApiError error = ApiError.of(e, RequestContext.current().correlation());
            if (error.isOurs()) {
                LOG.log(System.Logger.Level.ERROR, "administration of the store failed", e);
            }
            PrometheusServlet.send(response, error);
        }
    }

    @Override
    protected final void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        doPost(request, response);
    }

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String method = request.getMethod();
        if (method.equals("POST") || method.equals("PUT")) {
            super.service(request, response);
        } else {
            response.setHeader("Allow", "POST, PUT");
            PrometheusServlet.send(response, ApiError.methodNotAllowed(method));
        }
    }

    /** Hides what matches, and says under {@code Location} what became of it. */
    final void delete(Parameters parameters, List<String> texts, HttpServletResponse response) {
        if (texts.isEmpty()) {
            throw new AuspexException(Code.BAD_DATA, "no match[] parameter provided");
        }
        long start = parameters.time("start", Parameters.MIN_MILLIS);
        long end = parameters.time("end", Parameters.MAX_MILLIS);
        if (end < start) {
            throw Parameters.invalid("end", "end timestamp must not be before start time");
        }
        Optional<Duration> undo = Optional.empty();
        if (parameters.has("undo")) {
            Duration wanted = Duration.ofMillis(parameters.duration("undo"));
            if (wanted.isNegative() || wanted.compareTo(LONGEST_UNDO) > 0) {
                throw Parameters.invalid("undo", "it must be between 0s and 30d");
            }
            undo = Optional.of(wanted);
        }
        Optional<DeletionRequest> request = deletion.delete(parameters.matchers(), texts, start, end, undo);
        request.ifPresent(one -> response.setHeader("Location", "/api/v1/performance/deletions/" + one.id()));
    }
}
