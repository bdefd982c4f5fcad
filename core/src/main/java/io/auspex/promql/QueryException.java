package io.auspex.promql;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;

/**
 * A query that could not be evaluated.
 *
 * <p>The messages are the reference's, since clients match on them.
 */
public final class QueryException extends AuspexException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, in the vocabulary of the Prometheus HTTP API. */
    public enum ErrorType {
        BAD_DATA("bad_data", Code.BAD_DATA),
        EXECUTION("execution", Code.UNPROCESSABLE),
        TIMEOUT("timeout", Code.TIMEOUT),
        CANCELED("canceled", Code.UNAVAILABLE);

        private final String wireName;
        private final Code code;

        ErrorType(String wireName, Code code) {
            this.wireName = wireName;
            this.code = code;
        }

        /** The value of {@code errorType} in a response. */
        public String wireName() {
            return wireName;
        }
    }

    private final ErrorType type;

    private QueryException(ErrorType type, String message) {
        super(type.code, message);
        this.type = type;
    }

    public ErrorType type() {
        return type;
    }

    /** A failure of the evaluation itself, as duplicate series or a bad parameter. */
    public static QueryException execution(String message) {
        return new QueryException(ErrorType.EXECUTION, message);
    }

    static QueryException badData(String message) {
        return new QueryException(ErrorType.BAD_DATA, message);
    }

    static QueryException duplicateLabels() {
        return execution("vector cannot contain metrics with the same labelset");
    }

    static QueryException tooManySamples() {
        return execution("query processing would load too many samples into memory in query execution");
    }

    static QueryException tooManySeries(int limit) {
        return execution("query would select more than " + limit + " series in query execution");
    }

    static QueryException tooMuchMemory(long limit) {
        return execution("query processing would need more than " + limit + " bytes of memory in query execution");
    }

    static QueryException timedOut() {
        return new QueryException(ErrorType.TIMEOUT, "query timed out in expression evaluation");
    }

    static QueryException canceled() {
        return new QueryException(ErrorType.CANCELED, "query was canceled in expression evaluation");
    }
}
