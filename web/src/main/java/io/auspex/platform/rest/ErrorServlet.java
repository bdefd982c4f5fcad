package io.auspex.platform.rest;

import io.auspex.platform.Code;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The error page of everything that is not a JAX-RS resource: a problem for machines, a plain page for browsers. */
@WebServlet(name = "error", urlPatterns = "/error", asyncSupported = true)
public class ErrorServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String correlation = Correlation.begin(request, response).correlation();
        Problem problem = problem(request, correlation);
        if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri
                && PrometheusErrors.owns(uri.substring(request.getContextPath().length()))) {
            PrometheusErrors.send(problem.code(), problem.detail(), response);
        } else if (wantsPage(request)) {
            sendPage(response, problem);
        } else {
            problem.send(response);
        }
    }

    private static Problem problem(HttpServletRequest request, String correlation) {
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown) {
            return Failures.problem(thrown);
        }
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        return Failures.status(status instanceof Integer code ? code : Code.NOT_FOUND.status(), correlation);
    }

    private static boolean wantsPage(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        return accept != null
                && accept.contains("text/html")
                && !(path instanceof String uri && uri.startsWith(request.getContextPath() + "/api/"));
    }

    private static void sendPage(HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        int status = problem.code().status();
        String page = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + status
                + " - Auspex</title><meta name=\"viewport\" content=\"width=device-width\"></head><body><main><h1>"
                + status + "</h1><p>" + escape(problem.detail()) + "</p><p><small>" + escape(problem.instance())
                + "</small></p><p><a href=\"/\">Auspex</a></p></main></body></html>";
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        response.resetBuffer();
        response.setStatus(status);
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
