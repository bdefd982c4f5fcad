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
 * A connection that writes to the durable log, each time it is opened a stream of its own ({@link LogStreams}).
 *
 * <p>It holds a session lock on the stream, by which others see that more may come. Used by one thread.
 */
final class LogConnection {
    /** A row must fit into a page, else it would be moved out of line. */
    static final int MAX_ROW_BYTES = LogEncoder.MAX_PART;

    private static final System.Logger LOG = System.getLogger(LogConnection.class.getName());
    private static final int STATEMENT_SECONDS = 30;

    private final DataSource dataSource;
    private final LogStreams streams;
    private int stream;
    private @Nullable Connection connection;

    LogConnection(DataSource dataSource, LogStreams streams) {
        this.dataSource = dataSource;
        this.streams = streams;
    }

    /**
     * Connects and begins a stream.
     *
     * @param before less than each number that will be written
     */
    Connection open(long before) throws SQLException {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        open = dataSource.getConnection();
        connection = open;
        try {
            open.setAutoCommit(false);
            try (PreparedStatement statement =
                    open.prepareStatement("select set_config('statement_timeout', ?, false)")) {
                statement.setString(1, STATEMENT_SECONDS + 5 + "s");
                statement.execute();
            }
            stream = streams.open(open, before);
        } catch (SQLException e) {
            close();
            throw e;
        }
        LOG.log(System.Logger.Level.INFO, "ingest log opened stream={0}", Integer.toString(stream));
        return open;
    }

    /** Commits the rows of several requests of any tenants in one transaction. */
    void write(int slot, List<DurableLog.Entry> batch) throws SQLException {
        boolean reused = connection != null;
        long first = batch.get(0).seq;
        long last = batch.get(batch.size() - 1).seq;
        Connection open = open(first - 1);
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
            open = open(first - 1);
            insert(open, slot, batch);
        }
        open.commit();
        streams.committed(stream, last);
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
        streams.close(stream);
        try (open) {
            open.rollback();
            try (PreparedStatement statement = open.prepareStatement(
                            "select pg_advisory_unlock_all(), set_config('statement_timeout', '0', false)");
                    ResultSet ignored = statement.executeQuery()) {
                open.commit();
            }
            open.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "ingest log closed badly stream={0} cause={1}",
                    Integer.toString(stream),
                    e);
        }
    }
}
