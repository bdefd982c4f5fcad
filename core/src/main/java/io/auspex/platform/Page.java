package io.auspex.platform;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a list and the way to the rest of it.
 *
 * @param next cursor of the following page, empty on the last one
 */
public record Page<T>(List<T> items, String next) {
    public static final int DEFAULT_LIMIT = 100;
    public static final int MAX_LIMIT = 1_000;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Cuts what a store read with {@code limit + 1}: the surplus row says that there is more.
     *
     * @param rows at most {@code limit + 1} rows in the order of the cursor
     * @param cursor the position of a row, from which the following page goes on
     */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, "");
        }
        List<T> items = rows.subList(0, limit);
        return new Page<>(items, cursor.apply(items.get(limit - 1)));
    }

    public <R> Page<R> map(Function<? super T, ? extends R> mapping) {
        return new Page<>(items.stream().<R>map(mapping).toList(), next);
    }
}
