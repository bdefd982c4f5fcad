package io.auspex.tenancy.control;

/**
 * The application's data sources. Their pools are resources of the container, so that its console shows, pings and
 * tunes them: the launcher writes them into Payara Micro's {@code domain.xml}, {@code
 * server-config/payara-server/domain.sh} makes them in a domain of Payara Server.
 */
public final class DataSources {
    /** Belongs to container-managed transactions and JPA; the unprivileged role. */
    public static final String JTA = "jdbc/auspex";
    /** Connections of the same role whose transactions {@link TenantJdbc} begins and ends itself. */
    public static final String DIRECT = "jdbc/auspexDirect";
    /** Migrates the schema and is used for nothing else. */
    public static final String OWNER = "jdbc/auspexOwner";
    /** Sees the batch runtime's own tables only; the runtime keeps its repository by it too. */
    public static final String BATCH = "jdbc/auspexBatch";

    private DataSources() {}
}
