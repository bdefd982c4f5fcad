package io.auspex.live.rest;

import io.auspex.live.LiveRequest;
import io.auspex.live.SseEvent;
import io.auspex.live.boundary.LiveStreams;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Failures;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/live/sse?query=&step=&since=}: the values of expressions as samples arrive, and a note when findings
 * change. The id of an event is its time in Unix milliseconds; {@code Last-Event-ID} goes on after it.
 */
@WebServlet(name = "live", urlPatterns = "/api/v1/live/sse", asyncSupported = true)
public class LiveServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int DEFAULT_STEP_SECONDS = 15;

    @Inject
    transient LiveStreams streams;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            LiveRequest wanted = wanted(request);
            response.setContentType("text/event-stream");
            response.setCharacterEncoding("UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            SseConnection connection = new SseConnection(context);
            Runnable unsubscribe = streams.subscribe(wanted, connection);
            connection.start(unsubscribe);
            connection.send(SseEvent.comment());
        } catch (RuntimeException e) {
            refuse(request, response, e);
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, RuntimeException cause)
            throws IOException {
        Failures.problem(cause).send(response);
        if (request.isAsyncStarted()) {
            request.getAsyncContext().complete();
        }
    }

    private static LiveRequest wanted(HttpServletRequest request) {
        String[] queries = request.getParameterValues("query");
        double step = number(request.getParameter("step"), "step", DEFAULT_STEP_SECONDS);
        return new LiveRequest(queries == null ? List.of() : List.of(queries), Math.round(step * 1000), after(request));
    }

    private static OptionalLong after(HttpServletRequest request) {
        String last = request.getHeader("Last-Event-ID");
        if (last != null && last.matches("\\d{1,15}")) {
            return OptionalLong.of(Long.parseLong(last));
        }
        double since = number(request.getParameter("since"), "since", -1);
        return since < 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(since * 1000));
    }

    private static double number(@Nullable String text, String name, double otherwise) {
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,12}(\\.\\d{1,9})?")) {
            throw new AuspexException(Code.BAD_REQUEST, name + " is a number of seconds, got " + text);
        }
        return Double.parseDouble(text);
    }
}
