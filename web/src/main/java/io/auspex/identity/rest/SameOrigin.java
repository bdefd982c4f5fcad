package io.auspex.identity.rest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request that changes something comes from our own pages: what makes a session cookie, which browsers send
 * along on their own, safe to act on.
 */
final class SameOrigin {
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private SameOrigin() {}

    static boolean safe(String method) {
        return SAFE_METHODS.contains(method);
    }

    /**
     * Decides by {@code Sec-Fetch-Site}, which only browsers can set, else by {@code Origin}, else by {@code Referer}; a
     * request with none of them is not from a browser page.
     */
    static boolean proven(
            @Nullable String fetchSite, @Nullable String origin, @Nullable String referer, @Nullable String host) {
        if (fetchSite != null) {
            return fetchSite.equals("same-origin");
        }
        if (origin != null) {
            return authority(origin).equalsIgnoreCase(host);
        }
        return referer != null && authority(referer).equalsIgnoreCase(host);
    }

    private static String authority(String uri) {
        try {
            String authority = new URI(uri).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
