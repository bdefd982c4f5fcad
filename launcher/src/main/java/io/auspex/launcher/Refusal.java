package io.auspex.launcher;

/** A reason not to run that the operator can act on; its message is printed without a stack trace. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Exit statuses after sysexits.h, documented in docs/operations.md. */
    enum Kind {
        USAGE(64),
        DATA(65),
        DATABASE_UNAVAILABLE(69),
        INTERNAL(70),
        OPERATING_SYSTEM(71),
        PORT_IN_USE(73),
        ALREADY_RUNNING(75),
        CONFIGURATION(78),
        INTERRUPTED(130);

        final int status;

        Kind(int status) {
            this.status = status;
        }
    }

    final Kind kind;

    Refusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Refusal(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }
}
