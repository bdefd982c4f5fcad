package io.auspex.platform.rest;

import io.auspex.platform.RequestContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ids by which a request is found again: the caller's {@code X-Correlation-ID} and W3C {@code traceparent} when
 * they are well-formed, else new ones.
 */
public final class Correlation {
    public static final String HEADER = "X-Correlation-ID";

    /** Why a platform administrator acts in a tenant of somebody else. */
    public static final String REASON_HEADER = "X-Reason";

    private static final int MAX_REASON = 500;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final String ATTRIBUTE = "io.auspex.request";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-e][0-9a-f]-([0-9a-f]{32})-([0-9a-f]{16})-.*");
    private static final String NO_TRACE = "0".repeat(32);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Correlation() {}

    /**
     * Begins the request on the running thread, or goes on with it: authentication comes before the filters, error
     * pages after them, and all see the same ids.
     */
    public static RequestContext begin(HttpServletRequest request, HttpServletResponse response) {
        RequestContext context = find(request);
        if (context == null) {
            String trace = trace(request.getHeader("traceparent"));
            context = new RequestContext(id(request.getHeader(HEADER)), trace, randomHex(8), "", "", reason(request));
            request.setAttribute(ATTRIBUTE, context);
        }
        RequestContext.set(context);
        if (!response.isCommitted()) {
            response.setHeader(HEADER, context.correlation());
        }
        return context;
    }

    /** Adds who calls to the request's context. */
    public static void identify(HttpServletRequest request, String tenant, String subject) {
        RequestContext context = find(request);
        if (context != null) {
            RequestContext known = context.withCaller(tenant, subject);
            request.setAttribute(ATTRIBUTE, known);
            RequestContext.set(known);
        }
    }

    /** The correlation id as the URI that stands in a problem's {@code instance}. */
    public static String instance(String correlation) {
        boolean uuid = UUID_FORM.matcher(correlation).matches();
        return (uuid ? "urn:uuid:" : "urn:auspex:correlation:") + correlation;
    }

    static @Nullable RequestContext find(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof RequestContext context ? context : null;
    }

    /** {@code X-Reason}, without what could forge a record. */
    private static String reason(HttpServletRequest request) {
        String reason = request.getHeader(REASON_HEADER);
        if (reason == null) {
            return "";
        }
        String words = CONTROL.matcher(reason).replaceAll(" ").strip();
        return words.substring(0, Math.min(words.length(), MAX_REASON));
    }

    static String id(@Nullable String header) {
        return header != null && ID.matcher(header).matches()
                ? header
                : UUID.randomUUID().toString();
    }

    static String trace(@Nullable String traceparent) {
        if (traceparent != null) {
            Matcher matcher = TRACEPARENT.matcher(traceparent);
            if (matcher.matches() && !matcher.group(1).equals(NO_TRACE)) {
                return matcher.group(1);
            }
        }
        return randomHex(16);
    }

    private static String randomHex(int bytes) {
        byte[] id = new byte[bytes];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
