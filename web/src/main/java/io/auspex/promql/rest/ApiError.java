package io.auspex.promql.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.PrometheusErrors;
import io.auspex.promql.QueryException;
import jakarta.ejb.AccessLocalException;
import jakarta.ejb.EJBAccessException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A failed request as clients of Prometheus know it.
 *
 * @param type the {@code errorType} of the envelope
 */
record ApiError(int status, String type, String message) {
    private static final int MAX_DEPTH = 16;

    static final ApiError UNAUTHENTICATED =
            new ApiError(Code.UNAUTHENTICATED.status(), "unauthorized", "sign in or send a credential");

    private static final ApiError FORBIDDEN =
            new ApiError(Code.FORBIDDEN.status(), "forbidden", "your roles do not allow this");

    static ApiError methodNotAllowed(String method) {
        return new ApiError(Code.METHOD_NOT_ALLOWED.status(), "bad_data", "method " + method + " is not allowed here");
    }

    /** What a failure is called; one that we have no name for is our fault and tells nothing. */
    static ApiError of(Throwable thrown, String instance) {
        @Nullable Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof QueryException query) {
                return new ApiError(query.code().status(), query.type().wireName(), query.detail());
            }
            if (cause instanceof AuspexException coded && coded.code() != Code.INTERNAL) {
                return new ApiError(coded.code().status(), PrometheusErrors.type(coded.code()), coded.detail());
            }
            if (cause instanceof EJBAccessException || cause instanceof AccessLocalException) {
                return FORBIDDEN;
            }
            cause = cause.getCause();
        }
        return new ApiError(Code.INTERNAL.status(), "internal", "an internal error; the log has it under " + instance);
    }

    boolean isOurs() {
        return status == Code.INTERNAL.status();
    }

    void write(JsonWriter json) throws IOException {
        json.beginObject()
                .name("status")
                .string("error")
                .name("errorType")
                .string(type)
                .name("error")
                .string(message)
                .endObject();
        json.flush();
    }
}
