package io.auspex.platform.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.RequestContext;
import io.auspex.platform.boundary.Conflicts;
import jakarta.ejb.AccessLocalException;
import jakarta.ejb.EJBAccessException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns whatever was thrown into the problem that the caller sees; what is our fault is logged, once, here. */
public final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());
    private static final int MAX_DEPTH = 16;

    private Failures() {}

    public static Problem problem(Throwable thrown) {
        String correlation = RequestContext.current().correlation();
        Throwable failure = meaningful(thrown);
        if (failure instanceof AuspexException coded) {
            if (coded.code().status() == Code.INTERNAL.status()) {
                log(thrown);
            }
            return Problem.of(coded.code(), coded.detail(), correlation);
        }
        if (failure instanceof ConstraintViolationException invalid) {
            return Problem.of(Code.BAD_REQUEST, violations(invalid), correlation);
        }
        if (failure instanceof EJBAccessException || failure instanceof AccessLocalException) {
            return Problem.of(Code.FORBIDDEN, "your roles do not allow this", correlation);
        }
        if (Conflicts.isLostUpdate(failure)) {
            return Problem.of(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile", correlation);
        }
        if (failure instanceof WebApplicationException web) {
            return web(web, correlation);
        }
        log(thrown);
        return Problem.of(Code.INTERNAL, "an internal error; the log has it under this instance", correlation);
    }

    /** The problem for a status that the container came up with itself. */
    static Problem status(int status, String correlation) {
        Code code = code(status);
        return Problem.of(code, detail(code), correlation);
    }

    /** The first thing in the chain of causes that we have words for; containers wrap what beans throw. */
    private static Throwable meaningful(Throwable thrown) {
        @Nullable Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof AuspexException
                    || cause instanceof ConstraintViolationException
                    || cause instanceof EJBAccessException
                    || cause instanceof AccessLocalException
                    || Conflicts.isLostUpdate(cause)
                    || cause instanceof WebApplicationException) {
                return cause;
            }
            cause = cause.getCause();
        }
        return thrown;
    }

    private static Problem web(WebApplicationException thrown, String correlation) {
        int status = thrown.getResponse().getStatus();
        if (status >= 500 && !(thrown.getCause() instanceof ProcessingException)) {
            log(thrown);
        }
        Code code = code(status);
        String message = thrown.getMessage();
        boolean own = message != null && !message.startsWith("HTTP ") && !(thrown instanceof NotAllowedException);
        if (thrown instanceof NotFoundException || status >= 500 || !own || message == null) {
            return Problem.of(code, detail(code), correlation);
        }
        return Problem.of(code, message, correlation);
    }

    static Code code(int status) {
        return Arrays.stream(Code.values())
                .filter(code -> code.status() == status)
                .findFirst()
                .orElse(status >= 500 ? Code.INTERNAL : Code.BAD_REQUEST);
    }

    private static String detail(Code code) {
        return switch (code) {
            case BAD_REQUEST, BAD_DATA -> "the request could not be understood";
            case UNAUTHENTICATED -> "sign in or send a credential";
            case FORBIDDEN -> "your roles do not allow this";
            case NOT_FOUND -> "there is nothing here for you";
            case METHOD_NOT_ALLOWED -> "this resource does not know the method; Allow names those it knows";
            case NOT_ACCEPTABLE -> "none of the media types in Accept can be given";
            case CONFLICT -> "it is in a state that does not allow this";
            case LENGTH_REQUIRED -> "the request must say its Content-Length";
            case PRECONDITION_FAILED -> "it was changed by somebody else meanwhile";
            case PAYLOAD_TOO_LARGE -> "the request's body is too large";
            case UNSUPPORTED_MEDIA_TYPE -> "the Content-Type is not one that this resource reads";
            case UNPROCESSABLE -> "the request is well-formed but cannot be carried out";
            case PRECONDITION_REQUIRED -> "send If-Match with the ETag that you have read";
            case QUOTA_EXCEEDED -> "a limit is reached; Retry-After says when to come back";
            case INTERNAL -> "an internal error; the log has it under this instance";
            case DATA_CORRUPT, FORMAT_TOO_OLD, FORMAT_TOO_NEW -> "stored data cannot be read; the log says which";
            case UNAVAILABLE, TIMEOUT -> "not available at the moment; try again";
        };
    }

    private static String violations(ConstraintViolationException invalid) {
        return invalid.getConstraintViolations().stream()
                .map(violation -> name(violation) + " " + violation.getMessage())
                .sorted()
                .collect(Collectors.joining("; "));
    }

    /** The last named node of the path: the parameter or property, not our method. */
    private static String name(ConstraintViolation<?> violation) {
        String name = "";
        for (Path.Node node : violation.getPropertyPath()) {
            name = node.getName() == null ? name : node.getName();
        }
        return name;
    }

    private static void log(Throwable thrown) {
        LOG.log(System.Logger.Level.ERROR, "request failed", thrown);
    }
}
