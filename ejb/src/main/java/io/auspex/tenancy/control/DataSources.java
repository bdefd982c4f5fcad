package io.auspex.tenancy.control;

import jakarta.annotation.security.DenyAll;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.Singleton;

/**
 * The application's data sources. Urls, users and passwords come from the environment (or system properties).
 *
 * <p>{@link #JTA} belongs to container-managed transactions and JPA; {@link #DIRECT} holds connections of the
 * same unprivileged role whose transactions {@link TenantJdbc} begins and ends itself; {@link #OWNER} migrates
 * the schema and is used for nothing else.
 */
@DataSourceDefinition(
        name = DataSources.JTA,
        className = "org.postgresql.ds.PGSimpleDataSource",
        url = "${MPCONFIG=auspex.db.url}",
        user = "${MPCONFIG=auspex.db.app.user}",
        password = "${MPCONFIG=auspex.db.app.password}",
        minPoolSize = 1,
        initialPoolSize = 1,
        maxPoolSize = 12,
        maxIdleTime = 300,
        properties = {DataSources.VALIDATED, DataSources.BY_DRIVER, DataSources.VALIDATOR, DataSources.ONCE_A_SECOND})
@DataSourceDefinition(
        name = DataSources.DIRECT,
        className = "org.postgresql.ds.PGSimpleDataSource",
        url = "${MPCONFIG=auspex.db.url}",
        user = "${MPCONFIG=auspex.db.app.user}",
        password = "${MPCONFIG=auspex.db.app.password}",
        transactional = false,
        minPoolSize = 1,
        initialPoolSize = 1,
        maxPoolSize = 12,
        maxIdleTime = 300,
        properties = {DataSources.VALIDATED, DataSources.BY_DRIVER, DataSources.VALIDATOR, DataSources.ONCE_A_SECOND})
@DataSourceDefinition(
        name = DataSources.OWNER,
        className = "org.postgresql.ds.PGSimpleDataSource",
        url = "${MPCONFIG=auspex.db.url}",
        user = "${MPCONFIG=auspex.db.owner.user}",
        password = "${MPCONFIG=auspex.db.owner.password}",
        transactional = false,
        minPoolSize = 0,
        initialPoolSize = 0,
        maxPoolSize = 2,
        maxIdleTime = 60,
        properties = {DataSources.VALIDATED, DataSources.BY_DRIVER, DataSources.VALIDATOR, DataSources.ONCE_A_SECOND})
@Singleton
@DenyAll
public class DataSources {
    public static final String JTA = "java:app/jdbc/auspex";
    public static final String DIRECT = "java:app/jdbc/auspexDirect";
    public static final String OWNER = "java:app/jdbc/auspexOwner";

    // A connection that has been idle for a second is asked whether PostgreSQL still answers before it is handed out;
    // otherwise the pool goes on handing out connections of a server that has been restarted since.
    static final String VALIDATED = "fish.payara.is-connection-validation-required=true";
    static final String BY_DRIVER = "fish.payara.connection-validation-method=custom-validation";
    static final String ONCE_A_SECOND = "fish.payara.validate-atmost-once-period-in-seconds=1";
    static final String VALIDATOR =
            "fish.payara.validation-classname=org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation";
}
