package io.auspex.platform.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** The headers that tell a browser what a response may do; every response carries them, errors too. */
public final class SecurityHeaders {
    public static final String CSP = "Content-Security-Policy";

    /** Set by us unless a page has its own. */
    private static final String PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

    private SecurityHeaders() {}

    /** Sets the headers; the policy allows scripts and styles of our own origin only. */
    public static void apply(HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            return;
        }
        response.setHeader(CSP, policy(null));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Permissions-Policy", PERMISSIONS);
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
    }

    /** The content security policy of a page whose inline scripts and styles carry the nonce. */
    static String policy(@Nullable String nonce) {
        String own = nonce == null ? "'self'" : "'self' 'nonce-" + nonce + "'";
        return "default-src 'self'; script-src " + own + "; style-src " + own
                + "; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'"
                + "; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }
}
