package io.auspex.health.rest;

import io.auspex.health.boundary.Health;
import io.auspex.platform.HealthProbe;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * The probes of a node in the shape of MicroProfile Health: {@code /health/live} (the process answers),
 * {@code /health/started} and {@code /health/ready} (every component works and the node takes traffic).
 *
 * <p>Public. Anonymous callers learn states, not reasons.
 */
@WebServlet(
        name = "health",
        urlPatterns = {"/health", "/health/*"},
        loadOnStartup = 1)
public class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Health health;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String probe =
                request.getPathInfo() == null ? "" : request.getPathInfo().replaceAll("/+$", "");
        switch (probe) {
            case "/live" -> answer(response, Map.of());
            case "", "/ready", "/started" -> answer(response, health.components());
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private static void answer(HttpServletResponse response, Map<String, HealthProbe.Finding> components)
            throws IOException {
        boolean ready = Health.isReady(components);
        JsonArrayBuilder checks = Json.createArrayBuilder();
        components.forEach((name, finding) -> {
            JsonObjectBuilder check = Json.createObjectBuilder()
                    .add("name", name)
                    .add("status", finding.state() == HealthProbe.State.DOWN ? "DOWN" : "UP");
            if (finding.state() == HealthProbe.State.DEGRADED) {
                check.add("data", Json.createObjectBuilder().add("degraded", true));
            }
            checks.add(check);
        });
        response.setStatus(ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter()
                .write(Json.createObjectBuilder()
                        .add("status", ready ? "UP" : "DOWN")
                        .add("checks", checks)
                        .build()
                        .toString());
    }
}
