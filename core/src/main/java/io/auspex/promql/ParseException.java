package io.auspex.promql;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;

/**
 * A query that is not of the language.
 *
 * <p>The message is the reference's: {@code 1:7: parse error: unexpected ...}.
 */
public final class ParseException extends AuspexException {
    private static final long serialVersionUID = 1L;

    private final transient Position position;

    ParseException(Position position, String message) {
        super(Code.BAD_DATA, message);
        this.position = position;
    }

    /** An error at a place of the query, which the message names. */
    static ParseException at(Position position, String query, String problem) {
        return new ParseException(position, position.lineColumn(query) + ": parse error: " + problem);
    }

    public Position position() {
        return position;
    }
}
