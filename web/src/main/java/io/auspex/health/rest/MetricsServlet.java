package io.auspex.health.rest;

import io.auspex.platform.Meters;
import io.auspex.platform.TextExposition;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The node's metrics in Prometheus text, or in OpenMetrics text when the scraper asks for it. */
@WebServlet(
        name = "metrics",
        urlPatterns = {"/metrics"})
public class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Meters meters;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String accept = request.getHeader("Accept");
        boolean openMetrics = accept != null && accept.contains("application/openmetrics-text");
        byte[] body = (openMetrics ? TextExposition.openMetrics(meters) : TextExposition.prometheus(meters))
                .getBytes(StandardCharsets.UTF_8);
        response.setContentType(openMetrics ? TextExposition.OPENMETRICS_TYPE : TextExposition.PROMETHEUS_TYPE);
        response.setHeader("Vary", "Accept");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
