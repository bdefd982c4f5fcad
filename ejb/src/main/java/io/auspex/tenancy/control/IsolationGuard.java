package io.auspex.tenancy.control;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Refuses to let the application run on a database that would not keep tenants apart, and says why. */
@ApplicationScoped
public class IsolationGuard {
    @Resource(lookup = DataSources.DIRECT)
    DataSource application;

    /**
     * @param ownerRole the migrating role, the only one that may have a policy of its own
     * @throws IllegalStateException naming each unsafe finding
     */
    public void check(String ownerRole) {
        List<String> findings = new ArrayList<>();
        try (Connection connection = application.getConnection()) {
            checkRole(connection, findings);
            checkTables(connection, findings);
            checkPolicies(connection, ownerRole, findings);
        } catch (SQLException e) {
            throw new IllegalStateException("tenant isolation could not be checked: " + e.getMessage(), e);
        }
        if (!findings.isEmpty()) {
            throw new IllegalStateException(
                    "refusing to start, tenants would not be kept apart: " + String.join("; ", findings));
        }
    }

    private static void checkRole(Connection connection, List<String> findings) throws SQLException {
        String sql =
                "select rolname, rolsuper, rolbypassrls, exists (select from pg_class c where c.relowner = r.oid and c.relnamespace = 'auspex'::regnamespace),"
                        + " exists (select from pg_roles o where o.oid <> r.oid and (o.rolsuper or o.rolbypassrls) and pg_has_role(r.oid, o.oid, 'MEMBER')),"
                        + " exists (select from pg_class c where c.relnamespace = 'auspex'::regnamespace and c.relkind in ('r', 'p') and pg_has_role(r.oid, c.relowner, 'MEMBER'))"
                        + " from pg_roles r where rolname = current_user";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            String role = row.getString(1);
            addIf(findings, row.getBoolean(2), "role " + role + " is a superuser");
            addIf(findings, row.getBoolean(3), "role " + role + " has BYPASSRLS");
            addIf(findings, row.getBoolean(4), "role " + role + " owns relations of schema auspex");
            addIf(
                    findings,
                    row.getBoolean(5),
                    "role " + role + " is a member of a role that bypasses row level security");
            addIf(
                    findings,
                    !row.getBoolean(4) && row.getBoolean(6),
                    "role " + role + " is a member of the owner of schema auspex");
        }
    }

    private static void checkTables(Connection connection, List<String> findings) throws SQLException {
        String sql =
                "select c.relname from pg_class c where c.relnamespace = 'auspex'::regnamespace and c.relkind in ('r', 'p')"
                        + " and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)"
                        + " and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))"
                        // a partition that the application may not touch directly is guarded by its parent
                        + " and not (c.relispartition and not has_table_privilege(c.oid, 'select, insert, update, delete'))"
                        + " order by 1";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                findings.add("table " + rows.getString(1) + " has no forced row level security policy");
            }
        }
    }

    private static void checkPolicies(Connection connection, String ownerRole, List<String> findings)
            throws SQLException {
        String sql = "select c.relname, p.polname from pg_policy p join pg_class c on c.oid = p.polrelid"
                + " where c.relnamespace = 'auspex'::regnamespace and (p.polroles = '{0}' or exists (select from unnest(p.polroles) r where r <> ?::regrole))"
                + " and (pg_get_expr(p.polqual, p.polrelid) not like '%app.tenant_id%' or coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'app.tenant_id') not like '%app.tenant_id%')"
                + " order by 1, 2";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, ownerRole);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    findings.add("policy " + rows.getString(2) + " of table " + rows.getString(1)
                            + " does not compare with the bound tenant");
                }
            }
        }
    }

    private static void addIf(List<String> findings, boolean unsafe, String finding) {
        if (unsafe) {
            findings.add(finding);
        }
    }
}
