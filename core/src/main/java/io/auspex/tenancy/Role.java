package io.auspex.tenancy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a user may do.
 *
 * <p>{@code viewer < analyst < operator < tenant-admin} are ordered inside a tenant: holding one implies
 * the lower ones. {@code platform-admin} acts across tenants and {@code auditor} reads audit and
 * compliance only; both stand outside the order.
 */
public enum Role {
    VIEWER,
    ANALYST,
    OPERATOR,
    TENANT_ADMIN,
    PLATFORM_ADMIN,
    AUDITOR;

    /** Container role names, for {@code @RolesAllowed}, which needs constants. */
    public static final String VIEWER_NAME = "viewer";

    public static final String ANALYST_NAME = "analyst";
    public static final String OPERATOR_NAME = "operator";
    public static final String TENANT_ADMIN_NAME = "tenant-admin";
    public static final String PLATFORM_ADMIN_NAME = "platform-admin";
    public static final String AUDITOR_NAME = "auditor";

    /** The name used in tokens, APIs and {@code @RolesAllowed}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Role> find(String wireName) {
        return Arrays.stream(values())
                .filter(role -> role.wireName().equals(wireName))
                .findFirst();
    }

    /** Whether a holder of this role may do what {@code needed} may do. */
    public boolean implies(Role needed) {
        if (this == needed) {
            return true;
        }
        if (this == AUDITOR || needed == AUDITOR || needed == PLATFORM_ADMIN) {
            return false;
        }
        return this == PLATFORM_ADMIN || ordinal() > needed.ordinal();
    }
}
