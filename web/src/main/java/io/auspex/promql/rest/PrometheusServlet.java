package io.auspex.promql.rest;

import io.auspex.platform.RequestContext;
import io.auspex.promql.boundary.Queries;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * An endpoint of the Prometheus HTTP API: parameters from query string and form, the reference's envelope for
 * results and errors of every kind.
 *
 * <p>A plain servlet, because results are written to the socket as they are read from their columns, and because
 * the envelope holds for what JAX-RS would answer itself.
 */
abstract class PrometheusServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(PrometheusServlet.class.getName());

    /** Fewer and larger pieces for the network than the container's own 8 kB. */
    private static final int BUFFER = 1 << 16;

    /** Not injected by CDI, whose proxy looks the bean up anew, with an exception, at each call. */
    @EJB
    transient Queries queries;

    @Inject
    transient Clock clock;

    /** Whether form POST is answered too. */
    abstract boolean acceptsPost();

    /** Computes the answer, all of it except its text. */
    abstract Answer answer(HttpServletRequest request, Parameters parameters);

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String method = request.getMethod();
        if (!method.equals("GET") && !(method.equals("POST") && acceptsPost())) {
            response.setHeader("Allow", acceptsPost() ? "GET, POST" : "GET");
            send(response, ApiError.methodNotAllowed(method));
            return;
        }
        if (request.getUserPrincipal() == null) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Auspex\"");
            send(response, ApiError.UNAUTHENTICATED);
            return;
        }
        Answer answer;
        try {
            if (request.getCharacterEncoding() == null) {
                request.setCharacterEncoding(StandardCharsets.UTF_8.name());
            }
            answer = answer(request, new Parameters(request.getParameterMap()));
        } catch (RuntimeException e) {
            send(response, error(e));
            return;
        }
        response.setBufferSize(BUFFER);
        begin(response, HttpServletResponse.SC_OK);
        answer.write(new JsonWriter(response.getOutputStream()));
    }

    private static ApiError error(RuntimeException thrown) {
        ApiError error = ApiError.of(thrown, RequestContext.current().correlation());
        if (error.isOurs()) {
            LOG.log(System.Logger.Level.ERROR, "query failed", thrown);
        }
        return error;
    }

    static void send(HttpServletResponse response, ApiError error) throws IOException {
        begin(response, error.status());
        error.write(new JsonWriter(response.getOutputStream()));
    }

    static void begin(HttpServletResponse response, int status) {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
    }
}
