package io.auspex.platform;

import org.jspecify.annotations.Nullable;

/**
 * What a log record says about the request it was written for.
 *
 * <p>Describes, never decides: the tenant here is for people who read logs, and no store is asked with it. Empty
 * strings stand for what is not known (yet).
 *
 * @param correlation the id that the caller sees in {@code X-Correlation-ID} and in problems
 * @param trace W3C trace id, 32 hexadecimal digits
 * @param span W3C span id of this request, 16 hexadecimal digits
 * @param tenant the tenant's id as text
 * @param user stable id of the caller, {@code user:7}; never a name, since logs outlive people
 * @param reason why the caller does it, in the caller's words; for the audit trail
 */
public record RequestContext(String correlation, String trace, String span, String tenant, String user, String reason) {
    /** Outside any request. */
    public static final RequestContext NONE = new RequestContext("", "", "", "", "", "");

    private static final ThreadLocal<@Nullable RequestContext> CURRENT = new ThreadLocal<>();

    /** The context of the running thread, {@link #NONE} outside a request. */
    public static RequestContext current() {
        RequestContext context = CURRENT.get();
        return context == null ? NONE : context;
    }

    /** Makes a context the running thread's; {@link #NONE} ends it. */
    public static void set(RequestContext context) {
        if (context.equals(NONE)) {
            CURRENT.remove();
        } else {
            CURRENT.set(context);
        }
    }

    public RequestContext withCaller(String tenantId, String subject) {
        return new RequestContext(correlation, trace, span, tenantId, subject, reason);
    }

    public RequestContext withReason(String words) {
        return new RequestContext(correlation, trace, span, tenant, user, words);
    }
}
