package io.auspex.identity.boundary;

import io.auspex.tenancy.boundary.TenantPrincipal;
import java.util.Set;

/**
 * Somebody who has proved who it is.
 *
 * @param tenantSlug the name of the tenant in tokens and headers
 * @param groups container roles, with all that is implied
 * @param mustChangePassword may do nothing but that
 */
public record Caller(TenantPrincipal principal, String tenantSlug, Set<String> groups, boolean mustChangePassword) {
    public Caller {
        groups = Set.copyOf(groups);
    }

    /** Whether a tenant named from outside, by slug or by number, is the caller's own. */
    public boolean belongsTo(String tenant) {
        return tenant.equals(tenantSlug) || tenant.equals(principal.tenant().toString());
    }
}
