package io.auspex.live.rest;

import io.auspex.live.LiveRequest;
import io.auspex.live.LiveSink;
import io.auspex.live.SseEvent;
import io.auspex.live.boundary.LiveStreams;
import io.auspex.platform.rest.Failures;
import io.auspex.platform.rest.Problem;
import io.auspex.platform.rest.PrometheusErrors;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * {@code GET /api/v1/notifications/live}: the notifications of the server about itself as they come. A Prometheus tells
 * there that it has to be restarted or that its configuration is bad; neither happens here, so the stream stays open
 * and silent.
 */
@WebServlet(name = "notificationsLive", urlPatterns = "/api/v1/notifications/live", asyncSupported = true)
public class NotificationsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final long ANY_STEP_MILLIS = 15_000;
    private static final byte[] COMMENT = SseEvent.comment();

    @Inject
    transient LiveStreams streams;

    /** Lets signs of life through and nothing else. */
    private record Silent(SseConnection connection) implements LiveSink {
        @Override
        public boolean send(byte[] event) {
            return !Arrays.equals(event, COMMENT) || connection.send(event);
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            response.setContentType("text/event-stream");
            response.setCharacterEncoding("UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            SseConnection connection = new SseConnection(context);
            LiveRequest nothing = new LiveRequest(List.of(), ANY_STEP_MILLIS, OptionalLong.empty());
            connection.start(streams.subscribe(nothing, new Silent(connection)));
            connection.send(COMMENT);
        } catch (RuntimeException e) {
            Problem problem = Failures.problem(e);
            PrometheusErrors.send(problem.code(), problem.detail(), response);
            if (request.isAsyncStarted()) {
                request.getAsyncContext().complete();
            }
        }
    }
}
