package io.auspex.incontainer;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.sql.PreparedStatement;
import java.sql.ResultSet;

/** Tenants of the in-container tests, made when they are first asked for. */
final class TestTenant {
    private TestTenant() {}

    static TenantId named(TenantJdbc jdbc, String slug) {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement find =
                    connection.prepareStatement("select tenant_id from auspex.tenant_list() where slug = ?")) {
                find.setString(1, slug);
                try (ResultSet row = find.executeQuery()) {
                    if (row.next()) {
                        return new TenantId(row.getInt(1));
                    }
                }
            }
            try (PreparedStatement create = connection.prepareStatement("select auspex.tenant_create(?, ?)")) {
                create.setString(1, slug);
                create.setString(2, slug);
                try (ResultSet row = create.executeQuery()) {
                    row.next();
                    return new TenantId(row.getInt(1));
                }
            }
        });
    }
}
