package io.auspex.platform;

import org.jspecify.annotations.Nullable;

/**
 * A failure that leaves the system with a stable {@link Code}.
 *
 * <p>The message is for the caller: it names the value, the limit and the position, never internals.
 */
public class AuspexException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    public AuspexException(Code code, String message) {
        this(code, message, null);
    }

    public AuspexException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** The message, which unlike {@link #getMessage()} is never null. */
    public String detail() {
        String message = getMessage();
        return message == null ? code.slug() : message;
    }
}
