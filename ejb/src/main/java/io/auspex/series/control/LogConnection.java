package io.auspex.series.control;

import io.auspex.codec.LogEncoder;
import io.auspex.tenancy.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes one stream of the durable log.
 *
 * <p>It holds a session lock on the stream, so that however many servers run, one of them writes it: a connection
 * that is lost takes its lock along. Used by one thread.
 */
final class LogConnection {
    /** A row must fit into a page, else it would be moved out of line. */
    static final int MAX_ROW_BYTES = LogEncoder.MAX_PART;

    private static final System.Logger LOG = System.getLogger(LogConnection.class.getName());
    private static final int LOCK_CLASS = 0x6c6f6700; // "log"
    private static final int LOCK_SECONDS = 30;
    private static final int STATEMENT_SECONDS = 30;

    private final DataSource dataSource;
    private final int stream;
    private @Nullable Connection connection;

    LogConnection(DataSource dataSource, int stream) {
        this.dataSource = dataSource;
        this.stream = stream;
    }

    /** Connects and waits for the stream's lock, which the backend of a killed server may hold for a moment. */
    Connection open() throws SQLException {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        open = dataSource.getConnection();
        connection = open;
        try {
            lock(open);
        } catch (SQLException e) {
            close();
            if ("55P03".equals(e.getSQLState())) {
                throw new SQLException(
                        "another server writes stream " + stream + " of this database's ingest log",
                        e.getSQLState(),
                        e);
            }
            throw e;
        }
        LOG.log(System.Logger.Level.INFO, "ingest log opened stream={0}", stream);
        return open;
    }

    private void lock(Connection open) throws SQLException {
        open.setAutoCommit(false);
        try (PreparedStatement statement = open.prepareStatement(
                "select set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, false), pg_advisory_lock(?, ?)")) {
            statement.setString(1, LOCK_SECONDS + "s");
            statement.setString(2, STATEMENT_SECONDS + 5 + "s");
            statement.setInt(3, LOCK_CLASS);
            statement.setInt(4, stream);
            statement.execute();
        }
        open.commit();
    }

    /** Commits the rows of several requests of any tenants in one transaction. */
    void write(int slot, List<DurableLog.Entry> batch) throws SQLException {
        boolean reused = connection != null;
        Connection open = open();
        try {
            insert(open, slot, batch);
        } catch (SQLException e) {
            String state = e.getSQLState();
            boolean lost = state != null && (state.startsWith("08") || state.startsWith("57P"));
            if (!reused || !lost) {
                throw e;
            }
            // PostgreSQL was restarted since the last commit; nothing of this one has been confirmed or asked to be
            close();
            open = open();
            insert(open, slot, batch);
        }
        open.commit();
    }

    private void insert(Connection open, int slot, List<DurableLog.Entry> batch) throws SQLException {
        // stable: what one client sent stays in order
        batch.sort(Comparator.comparing(entry -> entry.tenant));
        int from = 0;
        for (int i = 1; i <= batch.size(); i++) {
            if (i == batch.size() || !batch.get(i).tenant.equals(batch.get(from).tenant)) {
                insertRows(open, slot, batch.subList(from, i));
                from = i;
            }
        }
    }

    private void insertRows(Connection open, int slot, List<DurableLog.Entry> ofOneTenant) throws SQLException {
        int rows = ofOneTenant.stream().mapToInt(entry -> entry.rows.length).sum();
        Long[] seqs = new Long[rows];
        Short[] parts = new Short[rows];
        Integer[] samples = new Integer[rows];
        byte[][] payloads = new byte[rows][];
        int row = 0;
        for (DurableLog.Entry entry : ofOneTenant) {
            for (int part = 0; part < entry.rows.length; part++, row++) {
                seqs[row] = entry.seq;
                parts[row] = (short) part;
                samples[row] = part == 0 ? entry.samples : 0;
                payloads[row] = entry.rows[part];
            }
        }
        TenantId tenant = ofOneTenant.get(0).tenant;
        // one round trip: the driver sends both statements before it waits
        try (PreparedStatement statement = open.prepareStatement(
                "select set_config('app.tenant_id', ?, true); insert into auspex.ingest_log_" + slot
                        + " (tenant_id, stream, seq, part, samples, payload) select ?, ?, u.seq, u.part, u.samples, u.payload"
                        + " from unnest(?::bigint[], ?::smallint[], ?::int[], ?::bytea[]) as u (seq, part, samples, payload)")) {
            statement.setString(1, tenant.toString());
            statement.setInt(2, tenant.value());
            statement.setInt(3, stream);
            statement.setArray(4, open.createArrayOf("bigint", seqs));
            statement.setArray(5, open.createArrayOf("smallint", parts));
            statement.setArray(6, open.createArrayOf("integer", samples));
            statement.setArray(7, open.createArrayOf("bytea", payloads));
            statement.execute();
        }
    }

    /** Gives the connection back; a broken one has lost its lock already. */
    void close() {
        Connection open = connection;
        connection = null;
        if (open == null) {
            return;
        }
        try (open) {
            open.rollback();
            try (PreparedStatement statement = open.prepareStatement(
                            "select pg_advisory_unlock_all(), set_config('statement_timeout', '0', false)");
                    ResultSet ignored = statement.executeQuery()) {
                open.commit();
            }
            open.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "ingest log closed badly stream={0} cause={1}", stream, e);
        }
    }
}
