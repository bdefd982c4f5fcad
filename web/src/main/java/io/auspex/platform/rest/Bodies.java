package io.auspex.platform.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import org.jspecify.annotations.Nullable;

/** Reads what a request body must or may hold. */
public final class Bodies {
    private Bodies() {}

    /** @throws AuspexException BAD_REQUEST naming the missing part */
    public static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new AuspexException(Code.BAD_REQUEST, name + " is required");
        }
        return value;
    }

    public static String optional(@Nullable String value) {
        return value == null ? "" : value;
    }
}
