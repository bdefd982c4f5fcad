package io.auspex.cluster.control;

import io.auspex.tenancy.control.DataSources;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * The batch runtime's own record of executions, as the console of Payara shows it.
 *
 * <p>The runtime has no way to end what a killed process left behind: its operations want the execution to be running in
 * the process that asks. So it is written where the runtime keeps it.
 */
@ApplicationScoped
public class BatchHistory {
    private static final System.Logger LOG = System.getLogger(BatchHistory.class.getName());
    /** What Payara Micro and Payara Server put before the names of their tables. */
    private static final List<String> PREFIXES = List.of("auspex_batch.jbatch", "auspex_batch.");

    @Resource(lookup = DataSources.BATCH)
    DataSource dataSource;

    /** Marks an execution, its steps and its partitions as failed, unless they have ended. */
    public void fail(long execution) {
        close(execution, "jobexecid = ? or jobexecid in ", "FAILED");
    }

    /**
     * Marks the partitions of an execution that was stopped as stopped, unless they have ended: one that was to begin
     * at that moment is left by the container as one that stops for ever.
     */
    public void stopPartitions(long execution) {
        close(execution, "jobexecid <> ? and jobexecid in ", "STOPPED");
    }

    private void close(long execution, String which, String status) {
        try (Connection connection = dataSource.getConnection()) {
            for (String prefix : PREFIXES) {
                if (exists(connection, prefix + "executioninstancedata")) {
                    close(connection, prefix, execution, which, status);
                }
            }
        } catch (SQLException e) { // what runs show and whether they go on does not depend on it
            LOG.log(System.Logger.Level.WARNING, "execution {0} stays open: {1}", execution, e.getMessage());
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void close(Connection connection, String prefix, long execution, String which, String status)
            throws SQLException {
        // partitions are instances of their own, named after the instance they belong to
        String partitions = "(select e.jobexecid from " + prefix + "executioninstancedata e join " + prefix
                + "jobinstancedata i on i.jobinstanceid = e.jobinstanceid where i.name like"
                + " (select ':' || own.jobinstanceid || ':%' from " + prefix
                + "executioninstancedata own where own.jobexecid = ?))";
        for (String table : List.of("executioninstancedata", "stepexecutioninstancedata")) {
            String sql = "update " + prefix + table + " set batchstatus = ?, exitstatus = ?, endtime = localtimestamp"
                    + " where batchstatus in ('STARTING', 'STARTED', 'STOPPING') and (" + which + partitions + ")";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, status);
                statement.setString(2, status);
                statement.setLong(3, execution);
                statement.setLong(4, execution);
                statement.executeUpdate();
            }
        }
    }
}
