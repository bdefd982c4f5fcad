package io.auspex.launcher;

/**
 * The stock domain.xml of Payara Micro with our settings in it. What would take a row of asadmin commands at each
 * boot is one edit of the file; a stock file that does not have an expected place is refused, not half changed.
 */
final class DomainConfiguration {
    private static final String POOL = """
                    <jdbc-connection-pool name="batch" datasource-classname="org.postgresql.ds.PGSimpleDataSource" res-type="javax.sql.DataSource" steady-pool-size="0" max-pool-size="6" is-isolation-level-guaranteed="false">
                        <property name="url" value="${MPCONFIG=auspex.db.url}" />
                        <property name="user" value="${MPCONFIG=auspex.db.batch.user}" />
                        <property name="password" value="${MPCONFIG=auspex.db.batch.password}" />
                    </jdbc-connection-pool>
                    <jdbc-resource pool-name="batch" jndi-name="jdbc/batch" />
            """;

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
        // the stock limit closes a connection after 250 requests, in the middle of a sender's stream
        domain.replace("max-connections=\"250\"", "max-connections=\"-1\"");
        // no version of ours or of the container's in any answer
        domain.replace("xpowered-by=\"false\"", "xpowered-by=\"false\" server-header=\"false\"");
        // the job repository lives in PostgreSQL, in a schema of its own
        // named here because the container sets the search path to it, and to public when it is not named
        domain.replace(
                "data-source-lookup-name=\"jdbc/__default\"",
                "schema-name=\"auspex_batch\" data-source-lookup-name=\"jdbc/batch\"");
        domain.replace("    </resources>", POOL + "    </resources>");
        domain.replace(
                "<resource-ref ref=\"jdbc/__default\" />",
                "<resource-ref ref=\"jdbc/__default\" />\n            <resource-ref ref=\"jdbc/batch\" />");
        return domain.text;
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
