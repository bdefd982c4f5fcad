package io.auspex.ingest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The lines of a text that were refused: how many, and the first hundred of them. Filled by one thread. */
public final class LineErrors {
    private static final int MOST = 100;

    private final List<LineError> first = new ArrayList<>();
    private long count;

    void add(int line, String message) {
        if (first.size() < MOST) {
            first.add(new LineError(line, message));
        }
        count++;
    }

    public List<LineError> first() {
        return Collections.unmodifiableList(first);
    }

    public long count() {
        return count;
    }
}
