package io.auspex.platform.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request's query string alone. Asking the container for parameters would take a body that calls
 * itself a form, as many clients' bodies do, for parameters too.
 */
public record QueryString(String text) {
    public static QueryString of(HttpServletRequest request) {
        String text = request.getQueryString();
        return new QueryString(text == null ? "" : text);
    }

    /**
     * The first value of a parameter, null when it is absent.
     *
     * @throws AuspexException BAD_REQUEST when it is not encoded as it must be
     */
    public @Nullable String get(String name) {
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            if (text.startsWith(name, from) && from + name.length() < end && text.charAt(from + name.length()) == '=') {
                try {
                    return URLDecoder.decode(text.substring(from + name.length() + 1, end), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    throw new AuspexException(Code.BAD_REQUEST, "parameter " + name + " is not URL-encoded", e);
                }
            }
            from = end + 1;
        }
        return null;
    }
}
