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
        try (Connection connection = dataSource.getConnection()) {
            for (String prefix : PREFIXES) {
                if (exists(connection, prefix + "executioninstancedata")) {
                    fail(connection, prefix, execution);
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

    private static void fail(Connection connection, String prefix, long execution) throws SQLException {
        // partitions are instances of their own, named after the instance they belong to
        String executions = "select e.jobexecid from " + prefix + "executioninstancedata e join " + prefix
                + "jobinstancedata i on i.jobinstanceid = e.jobinstanceid where e.jobexecid = ? or i.name like"
                + " (select ':' || own.jobinstanceid || ':%' from " + prefix
                + "executioninstancedata own where own.jobexecid = ?)";
        for (String table : List.of("executioninstancedata", "stepexecutioninstancedata")) {
            String sql = "update " + prefix + table + " set batchstatus = 'FAILED', exitstatus = 'FAILED',"
                    + " endtime = localtimestamp where batchstatus in ('STARTING', 'STARTED', 'STOPPING')"
                    + " and jobexecid in (" + executions + ")";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, execution);
                statement.setLong(2, execution);
                statement.executeUpdate();
            }
        }
    }
}
