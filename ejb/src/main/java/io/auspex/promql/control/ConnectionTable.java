package io.auspex.promql.control;

import io.auspex.platform.PeerSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's table of TCP connections, by which a client that went away is noticed although nobody reads from its
 * connection (ADR 050). Linux only; elsewhere nothing is known.
 */
final class ConnectionTable {
    private static final Pattern ROW =
            Pattern.compile("\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{2}) .*");
    private static final String ESTABLISHED = "01";

    /** What is known of a connection. */
    enum State {
        OPEN,
        /** The client has closed its side. */
        CLOSING,
        /** No such connection, any more or at all. */
        ABSENT
    }

    private final List<Path> files;

    ConnectionTable() {
        this(List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")));
    }

    ConnectionTable(List<Path> files) {
        this.files = files;
    }

    /**
     * The connections as they are now. Of two with the same ports, to different addresses, the open one counts.
     *
     * @throws IOException where there is no such table
     */
    Map<PeerSocket, State> read() throws IOException {
        Map<PeerSocket, State> states = new HashMap<>();
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                Matcher row = ROW.matcher(line);
                if (row.matches()) {
                    PeerSocket socket =
                            new PeerSocket(Integer.parseInt(row.group(1), 16), Integer.parseInt(row.group(2), 16));
                    State state = row.group(3).equals(ESTABLISHED) ? State.OPEN : State.CLOSING;
                    states.merge(socket, state, (one, other) -> one == State.OPEN ? one : other);
                }
            }
        }
        return states;
    }
}
