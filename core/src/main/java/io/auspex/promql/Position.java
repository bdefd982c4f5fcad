package io.auspex.promql;

/**
 * The half-open range {@code [start, end)} of a query's text that a node or token covers, in UTF-16 units.
 *
 * <p>Errors name a place as the reference does: line and column from one, the column counted in UTF-8 bytes.
 */
public record Position(int start, int end) {
    public Position {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("position must be ordered and not negative, got " + start + ".." + end);
        }
    }

    /** The range from the start of this one to the end of the other. */
    public Position to(Position last) {
        return new Position(start, Math.max(start, last.end));
    }

    /** Where the range begins in the query it belongs to, as {@code line:column}. */
    public String lineColumn(String query) {
        int line = 1;
        int column = 1;
        int limit = Math.min(start, query.length());
        for (int i = 0; i < limit; i++) {
            char c = query.charAt(i);
            if (c == '\n') {
                line++;
                column = 1;
            } else {
                column += utf8Length(c);
            }
        }
        return line + ":" + column;
    }

    /** Bytes of one UTF-16 unit in UTF-8; each half of a surrogate pair counts two of the pair's four. */
    private static int utf8Length(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
