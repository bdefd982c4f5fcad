package io.auspex.series.control;

import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import io.auspex.tenancy.control.TenantJdbcs;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A migrated database of its own, as the application role sees it. */
final class TestDatabase {
    final DataSource dataSource;
    final DataSource owner;
    final TenantJdbc jdbc;

    TestDatabase(TestPostgres server) {
        this(server, server.newDatabase());
    }

    TestDatabase(TestPostgres server, String name) {
        dataSource = server.dataSource(name, TestPostgres.APP);
        owner = server.dataSource(name, TestPostgres.OWNER);
        jdbc = TenantJdbcs.of(dataSource);
    }

    private TestDatabase(DataSource dataSource, DataSource owner) {
        this.dataSource = dataSource;
        this.owner = owner;
        this.jdbc = TenantJdbcs.of(dataSource);
    }

    /** The same database, seen by the application through something else. */
    TestDatabase through(DataSource way) {
        return new TestDatabase(way, owner);
    }

    TenantId tenant(String slug) {
        return new TenantId(Integer.parseInt(query("select auspex.tenant_create('" + slug + "', '" + slug + "')")
                .get(0)));
    }

    /** First column of each row, outside of any tenant. */
    List<String> query(String sql) {
        return jdbc.callUnbound(connection -> rows(connection, sql));
    }

    List<String> query(TenantId tenant, String sql) {
        return jdbc.call(tenant, connection -> rows(connection, sql));
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        rows.add(result.getString(1));
                    }
                }
            }
            return rows;
        }
    }
}
