package io.auspex.tenancy.control;

import javax.sql.DataSource;

/** A {@link TenantJdbc} for tests, without a container. */
public final class TenantJdbcs {
    private TenantJdbcs() {}

    public static TenantJdbc of(DataSource dataSource) {
        TenantJdbc jdbc = new TenantJdbc();
        jdbc.dataSource = dataSource;
        return jdbc;
    }
}
