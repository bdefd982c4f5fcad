package io.auspex.launcher;

/**
 * The stock domain.xml of Payara Micro with our settings in it; {@code server-config/payara-server/domain.sh} makes
 * the same ones in a domain of Payara Server. What would take a row of asadmin commands at each
 * boot is one edit of the file; a stock file that does not have an expected place is refused, not half changed.
 */
final class DomainConfiguration {
    /** The container's tracing would hide what the driver throws, and cost CPU at each statement. */
    private static final String NOT_WRAPPED = "wrap-jdbc-objects=\"false\"";
    /**
     * A connection that has been idle for a second is asked whether PostgreSQL still answers before it is handed out;
     * otherwise the pool goes on handing out connections of a server that has been restarted since.
     */
    private static final String VALIDATED =
            "is-connection-validation-required=\"true\" connection-validation-method=\"custom-validation\""
                    + " validation-classname=\"org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation\""
                    + " validate-atmost-once-period-in-seconds=\"1\"";

    private String text;

    private DomainConfiguration(String text) {
        this.text = text;
    }

    static String of(String stock, Settings settings) {
        DomainConfiguration domain = new DomainConfiguration(stock);
        domain.replace(
                "<network-listener port=\"8080\" protocol=\"http-listener\"",
                "<network-listener port=\"" + settings.httpPort() + "\" address=\"" + attribute(settings.httpAddress())
                        + "\" protocol=\"http-listener\"");
        // opened when the application is all there, see Container.listen
        domain.replace(
                "name=\"http-listener\" thread-pool=\"http-thread-pool\" enabled=\"true\"",
                "name=\"http-listener\" thread-pool=\"http-thread-pool\" enabled=\"false\"");
        // the stock limit closes a connection after 250 requests, in the middle of a sender's stream
        domain.replace("max-connections=\"250\"", "max-connections=\"-1\"");
        // no version of ours or of the container's in any answer
        domain.replace("xpowered-by=\"false\"", "xpowered-by=\"false\" server-header=\"false\"");
        String application = "steady-pool-size=\"1\" max-pool-size=\"" + settings.connections()
                + "\" idle-timeout-in-seconds=\"300\"";
        domain.addPool("auspex", "app", application);
        domain.addPool("auspexDirect", "app", application + " non-transactional-connections=\"true\"");
        domain.addPool(
                "auspexOwner",
                "owner",
                "steady-pool-size=\"0\" max-pool-size=\"2\" idle-timeout-in-seconds=\"60\" non-transactional-connections=\"true\"");
        domain.addPool(
                "auspexBatch", "batch", "steady-pool-size=\"0\" max-pool-size=\"6\" idle-timeout-in-seconds=\"300\"");
        // the job repository lives in PostgreSQL, in a schema of its own
        // named here because the container sets the search path to it, and to public when it is not named
        domain.replace(
                "data-source-lookup-name=\"jdbc/__default\"",
                "schema-name=\"auspex_batch\" data-source-lookup-name=\"jdbc/auspexBatch\"");
        return domain.text;
    }

    private void addPool(String name, String login, String attributes) {
        replace("</resources>", """
                        <jdbc-connection-pool name="%1$s" datasource-classname="org.postgresql.ds.PGSimpleDataSource" res-type="javax.sql.DataSource" %3$s>
                            <property name="url" value="${MPCONFIG=auspex.db.url}" />
                            <property name="user" value="${MPCONFIG=auspex.db.%2$s.user}" />
                            <property name="password" value="${MPCONFIG=auspex.db.%2$s.password}" />
                        </jdbc-connection-pool>
                        <jdbc-resource pool-name="%1$s" jndi-name="jdbc/%1$s" />
                    </resources>""".formatted(name, login, attributes + " " + VALIDATED + " " + NOT_WRAPPED));
        replace(
                "<resource-ref ref=\"jdbc/__default\" />",
                "<resource-ref ref=\"jdbc/__default\" />\n            <resource-ref ref=\"jdbc/%s\" />"
                        .formatted(name));
    }

    private void replace(String stock, String ours) {
        if (!text.contains(stock)) {
            throw new Refusal(Refusal.Kind.INTERNAL, "the container's domain.xml has no " + stock);
        }
        text = text.replace(stock, ours);
    }

    private static String attribute(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
