package io.auspex.platform.rest;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps one content security policy per response: what a page component adds (PrimeFaces sends a policy with the
 * nonce of its inline scripts) only contributes its nonce to ours.
 */
final class PolicyResponse extends HttpServletResponseWrapper {
    private static final Pattern NONCE = Pattern.compile("'nonce-([A-Za-z0-9+/=_-]{16,128})'");

    PolicyResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void setHeader(String name, String value) {
        super.setHeader(name, single(name, value));
    }

    @Override
    public void addHeader(String name, String value) {
        if (SecurityHeaders.CSP.equalsIgnoreCase(name)) {
            super.setHeader(name, single(name, value));
        } else {
            super.addHeader(name, value);
        }
    }

    private static String single(String name, String value) {
        if (!SecurityHeaders.CSP.equalsIgnoreCase(name)) {
            return value;
        }
        Matcher nonce = NONCE.matcher(value);
        return SecurityHeaders.policy(nonce.find() ? nonce.group(1) : null);
    }
}
