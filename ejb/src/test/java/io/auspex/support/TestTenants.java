package io.auspex.support;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import io.auspex.tenancy.control.TenantJdbcs;
import java.sql.ResultSet;
import java.sql.Statement;

/** A migrated database of its own with two tenants, as the application role sees it. */
public final class TestTenants {
    public final TenantJdbc jdbc;
    public final TenantId acme;
    public final TenantId globex;

    public TestTenants() {
        TestPostgres server = TestPostgres.shared();
        jdbc = TenantJdbcs.of(server.dataSource(server.newDatabase(), TestPostgres.APP));
        acme = create("acme");
        globex = create("globex");
    }

    private TenantId create(String slug) {
        return jdbc.callUnbound(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("select auspex.tenant_create('" + slug + "', '" + slug + "')")) {
                row.next();
                return new TenantId(row.getInt(1));
            }
        });
    }
}
