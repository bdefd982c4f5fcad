package io.auspex.ingest.rest;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** {@code GET} and {@code HEAD /ping}: what Influx clients ask before they write. */
@WebServlet(name = "influx-ping", urlPatterns = "/ping")
public class InfluxPingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** The version whose line protocol and paths these are; clients look at its first number. */
    private static final String VERSION = "1.8.10";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("X-Influxdb-Build", "Auspex");
        response.setHeader("X-Influxdb-Version", VERSION);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) {
        doGet(request, response);
    }
}
