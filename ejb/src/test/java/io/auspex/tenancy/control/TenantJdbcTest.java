package io.auspex.tenancy.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.auspex.platform.AuspexException;
import io.auspex.support.TestPostgres;
import io.auspex.tenancy.TenantId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over one connection, as a pool hands it out again and again. */
final class TenantJdbcTest {
    /** More often than the driver waits before it has PostgreSQL keep a statement. */
    private static final int OFTEN = 12;

    private Connection connection;
    private TenantJdbc jdbc;
    private TenantId acme;
    private TenantId globex;

    @BeforeEach
    void connect() throws SQLException {
        TestPostgres server = TestPostgres.shared();
        connection = server.dataSource(server.newDatabase(), TestPostgres.APP).getConnection();
        jdbc = TenantJdbcs.of(lending(connection));
        acme = tenant("acme");
        globex = tenant("globex");
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    private static DataSource lending(Connection connection) {
        ClassLoader loader = TenantJdbcTest.class.getClassLoader();
        Connection lent = (Connection) Proxy.newProxyInstance(
                loader,
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(connection, arguments));
        return (DataSource)
                Proxy.newProxyInstance(loader, new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> lent);
    }

    private TenantId tenant(String slug) {
        return new TenantId(Integer.parseInt(jdbc.callUnbound(each -> {
            try (ResultSet row = each.createStatement()
                    .executeQuery("select auspex.tenant_create('" + slug + "', '" + slug + "')")) {
                row.next();
                return row.getString(1);
            }
        })));
    }

    private List<String> slugs(TenantId tenant, String notThis) {
        return jdbc.query(
                tenant,
                "select slug from auspex.tenant where slug <> ? order by slug",
                (statement, first) -> statement.setString(first, notThis),
                TenantJdbcTest::texts);
    }

    private static List<String> texts(ResultSet rows) throws SQLException {
        List<String> texts = new ArrayList<>();
        while (rows.next()) {
            texts.add(rows.getString(1));
        }
        return texts;
    }

    private String bound() throws SQLException {
        try (ResultSet row = connection
                .createStatement()
                .executeQuery("select coalesce(current_setting('app.tenant_id', true), '') || '/' || count(*)"
                        + " || '/' || current_setting('plan_cache_mode')"
                        + " from auspex.tenant")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void query_seesTheTenantsRowsOnly_andLeavesNothingBound() throws SQLException {
        for (int i = 0; i < OFTEN; i++) {
            assertThat(slugs(acme, "nobody")).containsExactly("acme");
            assertThat(bound()).isEqualTo("/0/auto");
            assertThat(slugs(globex, "nobody")).containsExactly("globex");
            assertThat(slugs(globex, "globex")).isEmpty();
        }
        assertThat(connection.getAutoCommit()).isTrue();
    }

    @Test
    void query_thatFails_leavesNothingBound() throws SQLException {
        assertThatThrownBy(() -> jdbc.query(
                        acme, "select 1 / count(*) from auspex.tenant where false", (s, first) -> {}, rows -> 1))
                .isInstanceOf(AuspexException.class)
                .hasMessageContaining("22012");

        assertThat(bound()).isEqualTo("/0/auto");
        assertThat(slugs(globex, "nobody")).containsExactly("globex");
    }

    @Test
    void query_isRefusedWithoutRows() {
        assertThatThrownBy(() -> jdbc.query(
                        acme, "update auspex.tenant set name = 'x' where false", (s, first) -> {}, rows -> 1))
                .isInstanceOf(AuspexException.class);
    }
}
