package io.auspex.platform;

/**
 * The stable name of an error that leaves the system.
 *
 * <p>A code never changes meaning; clients branch on it, metrics count it, and the problem catalogue
 * ({@code docs/errors.md}) explains it.
 */
public enum Code {
    BAD_REQUEST(400),
    BAD_DATA(400),
    UNAUTHENTICATED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    NOT_ACCEPTABLE(406),
    CONFLICT(409),
    LENGTH_REQUIRED(411),
    PRECONDITION_FAILED(412),
    PAYLOAD_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    UNPROCESSABLE(422),
    PRECONDITION_REQUIRED(428),
    QUOTA_EXCEEDED(429),
    INTERNAL(500),
    DATA_CORRUPT(500),
    FORMAT_TOO_OLD(500),
    FORMAT_TOO_NEW(500),
    UNAVAILABLE(503),
    TIMEOUT(503);

    private final int status;

    Code(int status) {
        this.status = status;
    }

    /** The HTTP status this code answers with. */
    public int status() {
        return status;
    }

    /** The code as it stands in a problem's {@code type}: lower case with hyphens. */
    public String slug() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
