package io.auspex.health.rest;

import io.auspex.platform.MeterFamily;
import io.auspex.platform.Meters;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Rate, errors and duration of every request, by method, route and status class.
 *
 * <p>The route is the template of a resource ({@link RouteTemplate}) or the pattern of a servlet, never the path
 * itself, so the number of series is bounded by the program and not by its callers.
 */
@WebFilter(filterName = "requestMetrics", urlPatterns = "/*", asyncSupported = true)
public class RequestMetrics extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final double[] SECONDS = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4};

    @Inject
    transient Meters meters;

    private transient MeterFamily durations;

    @Override
    public void init() {
        durations = meters.histogram(
                "auspex_http_request_duration_seconds",
                "Duration of HTTP requests by method, route and status class.",
                SECONDS,
                "method",
                "route",
                "status");
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long start = System.nanoTime();
        boolean failed = true;
        try {
            chain.doFilter(request, response);
            failed = false;
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new WhenComplete(request, response, start));
            } else {
                record(request, failed ? HttpServletResponse.SC_INTERNAL_SERVER_ERROR : response.getStatus(), start);
            }
        }
    }

    private void record(HttpServletRequest request, int status, long start) {
        String method = METHODS.contains(request.getMethod()) ? request.getMethod() : Meters.OVERFLOW;
        durations
                .with(method, RouteTemplate.of(request), status / 100 + "xx")
                .observe((System.nanoTime() - start) / 1e9);
    }

    private final class WhenComplete implements AsyncListener {
        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final long start;

        private WhenComplete(HttpServletRequest request, HttpServletResponse response, long start) {
            this.request = request;
            this.response = response;
            this.start = start;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            record(request, response.getStatus(), start);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // completion follows
        }

        @Override
        public void onError(AsyncEvent event) {
            // completion follows
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
