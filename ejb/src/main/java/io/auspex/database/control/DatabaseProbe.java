package io.auspex.database.control;

import io.auspex.platform.AuspexException;
import io.auspex.platform.HealthProbe;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Statement;

/**
 * Whether PostgreSQL answers a statement. Without it the node still takes samples into its spool and answers queries of
 * recent ones, so it stays ready: were it not, all nodes would be away at once. The storage says when that ends.
 */
@ApplicationScoped
public class DatabaseProbe implements HealthProbe {
    @Inject
    TenantJdbc jdbc;

    @Override
    public String component() {
        return "database";
    }

    @Override
    public Finding check() {
        try {
            return jdbc.callUnbound(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.setQueryTimeout(1);
                    statement.execute("select 1");
                    return Finding.up();
                }
            });
        } catch (AuspexException e) {
            return Finding.degraded(e.detail());
        }
    }
}
