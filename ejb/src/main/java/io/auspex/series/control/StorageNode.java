package io.auspex.series.control;

import io.auspex.series.ClusterNode;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * This node among the others of its database: its row, the lease of the one that flushes, and what nodes tell each
 * other about a flush (ADR 026).
 */
final class StorageNode {
    private static final String LEASE = "flush";

    private final TenantJdbc jdbc;
    private final NodeSettings settings;
    private volatile long id;
    private volatile long epoch;
    private volatile boolean joined;
    private volatile int others;
    private volatile boolean othersAreTight;

    StorageNode(TenantJdbc jdbc, NodeSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /**
     * How far flushes are, and the log with them.
     *
     * @param announced the latest that was begun
     * @param tight whether nothing of it shall stay in memory
     * @param written the latest whose packs are there
     * @param emptied rows that this one covers may be gone
     * @param streams up to where each stream stands in packs
     * @param begins less than each number of a stream
     */
    record Flushes(
            long announced,
            boolean tight,
            long written,
            long emptied,
            Map<Integer, Long> streams,
            Map<Integer, Long> begins) {
        static final Flushes NONE = new Flushes(0, false, 0, 0, Map.of(), Map.of());

        /** Whether all rows up to some positions stand in packs. */
        boolean cover(Map<Integer, Long> positions) {
            return positions.entrySet().stream()
                    .allMatch(each -> each.getValue() <= streams.getOrDefault(each.getKey(), Long.MAX_VALUE));
        }
    }

    /** Another node's answer to an announced flush. */
    record Answer(long cut, long passed, Map<Integer, Long> positions) {}

    /** Takes a number; the first thing that a node does. */
    long join() {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "insert into auspex.cluster_node (name) values (?) returning node_id")) {
                statement.setString(1, settings.name());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    id = row.getLong(1);
                }
            }
            // nodes that were killed
            try (PreparedStatement statement = connection.prepareStatement(
                    "delete from auspex.cluster_node where seen_at < clock_timestamp() - interval '1 hour'")) {
                return statement.executeUpdate();
            }
        });
        return id;
    }

    long id() {
        return id;
    }

    /** Others count on this node from now on. */
    void ready() {
        joined = true;
        keep(false, 0);
    }

    /**
     * Says that this node is alive, and keeps or takes the lease.
     *
     * @param tight whether a flush would help its memory
     */
    void keep(boolean tight, long lagMillis) {
        epoch = jdbc.callUnbound(connection -> {
            long got = lease(connection);
            try (PreparedStatement statement = connection.prepareStatement("insert into auspex.cluster_node as n"
                    + " (node_id, name, ready, tight, lag_millis) overriding system value values (?, ?, ?, ?, ?)"
                    + " on conflict (node_id) do update set seen_at = clock_timestamp(), ready = excluded.ready,"
                    + " tight = excluded.tight, lag_millis = excluded.lag_millis")) {
                statement.setLong(1, id);
                statement.setString(2, settings.name());
                statement.setBoolean(3, joined);
                statement.setBoolean(4, tight);
                statement.setInt(5, (int) Math.min(lagMillis, Integer.MAX_VALUE));
                statement.executeUpdate();
            }
            lookAround(connection);
            return got;
        });
    }

    private long lease(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select auspex.lease_keep(?, ?, ? * interval '1 millisecond')")) {
            statement.setString(1, LEASE);
            statement.setLong(2, id);
            statement.setLong(3, settings.lease().toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void lookAround(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select count(*), coalesce(bool_or(tight), false)"
                        + " from auspex.cluster_node where node_id <> ?"
                        + " and seen_at > clock_timestamp() - ? * interval '1 millisecond'")) {
            statement.setLong(1, id);
            statement.setLong(2, settings.lease().toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                others = row.getInt(1);
                othersAreTight = row.getBoolean(2);
            }
        }
    }

    /**
     * Whether this node was the one that flushes when it last looked. While PostgreSQL is away nobody can take its
     * place; PostgreSQL has the last word in every transaction that counts.
     */
    boolean leads() {
        return epoch != 0;
    }

    long epoch() {
        return epoch;
    }

    /** Nodes beside this one that have been seen of late. */
    int others() {
        return others;
    }

    boolean othersAreTight() {
        return othersAreTight;
    }

    /** Says goodbye, so that nobody waits for this node. */
    void leave() {
        epoch = 0;
        jdbc.callUnbound(connection -> {
            try (PreparedStatement lease = connection.prepareStatement("select auspex.lease_leave(?, ?)");
                    PreparedStatement row =
                            connection.prepareStatement("delete from auspex.cluster_node where node_id = ?")) {
                lease.setString(1, LEASE);
                lease.setLong(2, id);
                lease.execute();
                row.setLong(1, id);
                return row.executeUpdate();
            }
        });
    }

    Flushes flushes() {
        return jdbc.callUnbound(StorageNode::flushes);
    }

    static Flushes flushes(Connection connection) throws SQLException {
        Map<Integer, Long> streams = new HashMap<>();
        Map<Integer, Long> begins = new HashMap<>();
        Flushes flushes = Flushes.NONE;
        // one statement: one moment
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select f.announced, f.tight, f.written, f.emptied, c.stream,"
                                + " c.upto_seq, c.from_seq from auspex.ingest_flush f left join auspex.ingest_checkpoint c on true")) {
            while (row.next()) {
                flushes =
                        new Flushes(row.getLong(1), row.getBoolean(2), row.getLong(3), row.getLong(4), streams, begins);
                int stream = row.getInt(5);
                if (!row.wasNull()) {
                    streams.put(stream, row.getLong(6));
                    begins.put(stream, row.getLong(7));
                }
            }
        }
        return flushes;
    }

    /** Begins a flush and answers its number. */
    long announce(boolean tight) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select auspex.ingest_announce(?, ?)")) {
                statement.setLong(1, epoch);
                statement.setBoolean(2, tight);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /** Tells the one that flushes up to where this node's head was marked. */
    void answer(long flush, Map<Integer, Long> positions) {
        List<Map.Entry<Integer, Long>> entries = List.copyOf(positions.entrySet());
        jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "update auspex.cluster_node set cut = ?, streams = ?, seqs = ? where node_id = ?")) {
                statement.setLong(1, flush);
                statement.setArray(
                        2,
                        connection.createArrayOf(
                                "int", entries.stream().map(Map.Entry::getKey).toArray()));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "bigint",
                                entries.stream().map(Map.Entry::getValue).toArray()));
                statement.setLong(4, id);
                return statement.executeUpdate();
            }
        });
    }

    /** Tells that this node has read all rows that a flush covers. */
    void passed(long flush) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("update auspex.cluster_node set passed = ? where node_id = ?")) {
                statement.setLong(1, flush);
                statement.setLong(2, id);
                return statement.executeUpdate();
            }
        });
    }

    /** What the other nodes have said that are alive and follow. */
    List<Answer> answers() {
        return jdbc.callUnbound(connection -> {
            List<Answer> answers = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement("select cut, passed, streams, seqs"
                    + " from auspex.cluster_node where ready and node_id <> ?"
                    + " and seen_at > clock_timestamp() - ? * interval '1 millisecond'")) {
                statement.setLong(1, id);
                statement.setLong(2, settings.lease().toMillis());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Integer[] streams = (Integer[]) row.getArray(3).getArray();
                        Long[] seqs = (Long[]) row.getArray(4).getArray();
                        Map<Integer, Long> positions = new HashMap<>();
                        for (int i = 0; i < streams.length; i++) {
                            positions.put(streams[i], seqs[i]);
                        }
                        answers.add(new Answer(row.getLong(1), row.getLong(2), positions));
                    }
                }
            }
            return answers;
        });
    }

    /** Connections of other nodes that write and have not answered an announced flush, be they slow or cut off. */
    int strangers(long flush) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select count(*) from pg_locks l"
                    + " join auspex.ingest_checkpoint c on c.stream = l.objid::int"
                    + " where l.locktype = 'advisory' and l.classid = ?::oid and l.objsubid = 2 and l.granted"
                    + " and l.database = (select oid from pg_database where datname = current_database())"
                    + " and c.node_id <> ?"
                    + " and c.node_id not in (select n.node_id from auspex.cluster_node n where n.cut >= ?)")) {
                statement.setInt(1, LogStreams.LOCK_CLASS);
                statement.setLong(2, id);
                statement.setLong(3, flush);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        });
    }

    static List<ClusterNode> list(Connection connection) throws SQLException {
        List<ClusterNode> nodes = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select n.node_id, n.name, n.started_at, n.seen_at,"
                        + " n.ready, l.node_id = n.node_id and l.until > clock_timestamp(),"
                        + " (select count(*) from auspex.ingest_checkpoint c where c.node_id = n.node_id), n.lag_millis"
                        + " from auspex.cluster_node n join auspex.lease l on l.name = ? order by n.node_id")) {
            statement.setString(1, LEASE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    nodes.add(new ClusterNode(
                            row.getLong(1),
                            row.getString(2),
                            row.getTimestamp(3).toInstant(),
                            row.getTimestamp(4).toInstant(),
                            row.getBoolean(5),
                            row.getBoolean(6),
                            row.getInt(7),
                            row.getInt(8)));
                }
            }
        }
        return nodes;
    }

    /** Makes sure within a transaction that this node still does what only one may do. */
    static void require(Connection connection, long epoch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select auspex.lease_require(?, ?)")) {
            statement.setString(1, LEASE);
            statement.setLong(2, epoch);
            statement.execute();
        }
    }

    /** Moves checkpoints within the transaction that writes the packs; fails when the lease has gone to another node. */
    static void checkpoint(Connection connection, long epoch, long flush, Map<Integer, Long> positions)
            throws SQLException {
        List<Map.Entry<Integer, Long>> entries = List.copyOf(positions.entrySet());
        try (PreparedStatement statement =
                connection.prepareStatement("select auspex.ingest_checkpoint_move(?, ?, ?, ?)")) {
            statement.setLong(1, epoch);
            statement.setLong(2, flush);
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "int", entries.stream().map(Map.Entry::getKey).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "bigint", entries.stream().map(Map.Entry::getValue).toArray()));
            statement.execute();
        }
    }

    /** Tells the others that rows which a flush covers will be gone. */
    void emptying(long flush) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select auspex.ingest_emptying(?, ?)")) {
                statement.setLong(1, epoch);
                statement.setLong(2, flush);
                return statement.execute();
            }
        });
    }

    /** Forgets streams that nobody writes any more and of which the log has nothing left. */
    void forgetStreams() {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select auspex.ingest_forget_streams(?, ?)")) {
                statement.setLong(1, epoch);
                statement.setInt(2, LogStreams.LOCK_CLASS);
                return statement.execute();
            }
        });
    }
}
