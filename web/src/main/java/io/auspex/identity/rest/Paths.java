package io.auspex.identity.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Which paths are for people, and where those are sent to sign in. */
final class Paths {
    static final String PASSWORD_PAGE = "/password.xhtml";
    private static final String SIGN_IN_PAGE = "/login.xhtml";
    private static final Pattern PASSWORD_CHANGE = Pattern.compile("/(password(\\.xhtml)?|logout)");
    private static final Pattern DOCS = Pattern.compile("/(docs(/.*)?|openapi(\\.json)?|webjars/swagger-ui/.*)");
    private static final List<String> FOR_PROGRAMS =
            List.of("/api/", "/v1/", "/write", "/ping", "/metrics", "/federate", "/openapi", "/scim/", "/cache/");

    private Paths() {}

    static boolean isPasswordChange(HttpServletRequest request) {
        return PASSWORD_CHANGE.matcher(path(request)).matches();
    }

    static boolean isDocs(HttpServletRequest request) {
        return SameOrigin.safe(request.getMethod())
                && DOCS.matcher(path(request)).matches();
    }

    /** Whether clients of InfluxDB 1 call it, who may put their credential into the query string. */
    static boolean isInflux(HttpServletRequest request) {
        String path = path(request);
        return path.equals("/write") || path.equals("/ping");
    }

    /** Whether the answer is looked at by a person: a page of ours, asked for by a browser. */
    static boolean wantsPage(HttpServletRequest request) {
        String path = path(request);
        if (FOR_PROGRAMS.stream().anyMatch(path::startsWith)) {
            return false;
        }
        String accept = request.getHeader("Accept");
        return "partial/ajax".equals(request.getHeader("Faces-Request"))
                || (accept != null && accept.contains("text/html"));
    }

    /** The sign-in page, which leads back to where the caller wanted to go. */
    static String signInPage(HttpServletRequest request) {
        String query = request.getQueryString();
        String wanted = path(request) + (query == null ? "" : "?" + query);
        boolean leadsBack = request.getMethod().equals("GET") && !wanted.equals("/") && wanted.length() < 1_000;
        return leadsBack ? SIGN_IN_PAGE + "?from=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8) : SIGN_IN_PAGE;
    }

    static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
