package io.auspex.launcher;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Remembers the last failure a logger was told of, for a message to the operator. */
final class LastFailure extends Handler {
    private volatile String message = "the log has the reason";

    String message() {
        return message;
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.SEVERE.intValue() && record.getThrown() != null) {
            message = Container.rootMessage(record.getThrown());
        }
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        // nothing is open
    }
}
