package io.auspex.series.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of the log that this node writes. A stream is what one connection commits, since only there the order of
 * numbers is the order of commits: whoever has read up to a number misses nothing below it.
 */
final class LogStreams {
    /** The connection that writes a stream holds a session lock of this class on it. */
    static final int LOCK_CLASS = 0x6c6f6700; // "log"

    private final long node;
    private final ConcurrentHashMap<Integer, Long> committed = new ConcurrentHashMap<>();
    private final Set<Integer> open = ConcurrentHashMap.newKeySet();

    LogStreams(long node) {
        this.node = node;
    }

    /**
     * Begins a stream with a connection, whose transaction is committed.
     *
     * @param before less than each number that will be written to it
     */
    int open(Connection connection, long before) throws SQLException {
        int stream = take(connection);
        // known as ours before anybody can see it
        committed.put(stream, before);
        open.add(stream);
        try (PreparedStatement statement = connection.prepareStatement(
                "insert into auspex.ingest_checkpoint (stream, from_seq, upto_seq, generation, node_id)"
                        + " values (?, ?, ?, 0, ?)")) {
            statement.setInt(1, stream);
            statement.setLong(2, before);
            statement.setLong(3, before);
            statement.setLong(4, node);
            statement.executeUpdate();
            connection.commit();
            return stream;
        } catch (SQLException e) {
            close(stream);
            throw e;
        }
    }

    private static int take(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select stream, pg_advisory_lock(?, stream) from (select nextval('auspex.ingest_stream')::int as stream) s")) {
            statement.setInt(1, LOCK_CLASS);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    void committed(int stream, long seq) {
        committed.put(stream, seq);
    }

    /** The connection is gone. What it may have committed without an answer is read like the rows of others. */
    void close(int stream) {
        open.remove(stream);
    }

    boolean isOpen(int stream) {
        return open.contains(stream);
    }

    /** Up to where a stream is known to be in the head, since this node wrote it. */
    long applied(int stream, long otherwise) {
        return committed.getOrDefault(stream, otherwise);
    }

    /** The last number that was committed, of each stream. */
    Map<Integer, Long> positions() {
        return new HashMap<>(committed);
    }

    /** Forgets streams that are no more. */
    void keepOnly(Set<Integer> streams) {
        committed.keySet().removeIf(stream -> !open.contains(stream) && !streams.contains(stream));
    }
}
