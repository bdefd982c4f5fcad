package io.auspex.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.support.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against tables as Payara Micro makes them, as far as they are touched. */
final class BatchHistoryTest {
    private final BatchHistory history = new BatchHistory();
    private DataSource dataSource;

    @BeforeEach
    void twoRunsWithPartitions() throws SQLException {
        TestPostgres server = TestPostgres.shared();
        dataSource = server.dataSource(server.newDatabase(), "postgres");
        history.dataSource = dataSource;
        execute("""
                create schema auspex_batch;
                create table auspex_batch.jbatchjobinstancedata (jobinstanceid bigint, name text);
                create table auspex_batch.jbatchexecutioninstancedata
                    (jobexecid bigint, jobinstanceid bigint, batchstatus text, exitstatus text, endtime timestamp);
                create table auspex_batch.jbatchstepexecutioninstancedata
                    (jobexecid bigint, batchstatus text, exitstatus text, endtime timestamp);
                insert into auspex_batch.jbatchjobinstancedata values (1, 'train'), (2, ':1:step:0'), (3, ':1:step:1'),
                    (11, 'train'), (12, ':11:step:0');
                insert into auspex_batch.jbatchexecutioninstancedata values (21, 1, 'STARTED'), (22, 2, 'STOPPING'),
                    (23, 3, 'COMPLETED'), (31, 11, 'STARTED'), (32, 12, 'STARTED');
                insert into auspex_batch.jbatchstepexecutioninstancedata values (21, 'STARTED'), (31, 'STARTED')""");
    }

    @Test
    void fail_endsTheExecutionAndItsPartitions_andNoOthers() throws SQLException {
        history.fail(21);

        assertThat(states()).containsExactly("21 FAILED", "22 FAILED", "23 COMPLETED", "31 STARTED", "32 STARTED");
        assertThat(steps()).containsExactly("21 FAILED", "31 STARTED");
    }

    @Test
    void stopPartitions_endsWhatTheContainerLeftOpen_andLeavesItTheExecution() throws SQLException {
        history.stopPartitions(21);

        assertThat(states()).containsExactly("21 STARTED", "22 STOPPED", "23 COMPLETED", "31 STARTED", "32 STARTED");
        assertThat(steps()).containsExactly("21 STARTED", "31 STARTED");
    }

    private List<String> states() throws SQLException {
        return rows("select jobexecid || ' ' || batchstatus from auspex_batch.jbatchexecutioninstancedata order by 1");
    }

    private List<String> steps() throws SQLException {
        return rows(
                "select jobexecid || ' ' || batchstatus from auspex_batch.jbatchstepexecutioninstancedata order by 1");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
