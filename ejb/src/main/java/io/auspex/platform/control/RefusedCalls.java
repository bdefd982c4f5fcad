package io.auspex.platform.control;

import jakarta.ejb.AccessLocalException;
import jakarta.ejb.EJBAccessException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the container from logging each call that a caller's roles do not allow as a fault with a stack trace: it is
 * the caller's, who is told so by 403. The container first says that there was an exception, then which; the latter
 * has all that the former says, so the former is left out in any case.
 *
 * @param before the filter the logger had, which still decides
 */
record RefusedCalls(@Nullable Filter before) implements Filter {
    static final String LOGGER = "jakarta.enterprise.ejb.container";
    private static final String ANNOUNCEMENT = "AS-EJB-00056";

    @Override
    public boolean isLoggable(LogRecord record) {
        boolean refused =
                record.getThrown() instanceof AccessLocalException || record.getThrown() instanceof EJBAccessException;
        return !refused && !ANNOUNCEMENT.equals(record.getMessage()) && (before == null || before.isLoggable(record));
    }
}
