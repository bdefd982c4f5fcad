package io.auspex.identity.control;

import io.auspex.identity.Grants;
import io.auspex.identity.SignInName;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.TenantId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;

/**
 * What decides whether a user may act right now, and as what.
 *
 * @param active the user is enabled and the tenant is not suspended
 * @param credentialVersion of the password and roles; sessions made under another one have ended
 */
public record UserState(
        TenantId tenant,
        int userId,
        SignInName name,
        boolean active,
        boolean mustChangePassword,
        int credentialVersion,
        Set<Role> roles) {
    /** The columns that {@link #read} wants, from {@code app_user u} joined with {@code tenant t}. */
    static final String COLUMNS =
            "u.tenant_id, u.user_id, u.login, t.slug, u.enabled and t.status = 'ACTIVE' as active,"
                    + " u.must_change_password, u.credential_version,"
                    + " array(select r.role from auspex.role_assignment r where r.tenant_id = u.tenant_id and r.user_id = u.user_id) as roles";

    static final String FROM = " from auspex.app_user u join auspex.tenant t on t.tenant_id = u.tenant_id";

    public UserState {
        roles = roles.isEmpty() ? EnumSet.noneOf(Role.class) : EnumSet.copyOf(roles);
    }

    /** Stable id of the caller. */
    public String subject() {
        return "user:" + userId;
    }

    /** The container roles. */
    public Set<String> groups() {
        return Grants.ofUser(roles);
    }

    static UserState read(ResultSet row) throws SQLException {
        return new UserState(
                new TenantId(row.getInt("tenant_id")),
                row.getInt("user_id"),
                new SignInName(row.getString("login"), row.getString("slug")),
                row.getBoolean("active"),
                row.getBoolean("must_change_password"),
                row.getInt("credential_version"),
                Grants.roles(strings(row.getArray("roles"))));
    }

    static Set<String> strings(Array array) throws SQLException {
        return Set.of((String[]) array.getArray());
    }
}
