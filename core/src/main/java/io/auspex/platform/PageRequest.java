package io.auspex.platform;

/**
 * Which part of a list is asked for.
 *
 * @param cursor position after which the page begins, empty for the beginning
 * @param limit most items wanted, 1 to {@value Page#MAX_LIMIT}
 */
public record PageRequest(String cursor, int limit) {
    public static final PageRequest FIRST = new PageRequest("", Page.DEFAULT_LIMIT);

    public PageRequest {
        if (limit < 1 || limit > Page.MAX_LIMIT) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "limit must be between 1 and " + Page.MAX_LIMIT + ", got " + limit);
        }
    }

    /** The cursor as the number it was made from; {@code start} when the page is the first. */
    public long after(long start) {
        if (cursor.isEmpty()) {
            return start;
        }
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new AuspexException(Code.BAD_REQUEST, "cursor is not one that this list gave out", e);
        }
    }
}
