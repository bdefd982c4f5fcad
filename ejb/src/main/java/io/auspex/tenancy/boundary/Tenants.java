package io.auspex.tenancy.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.control.TenantStore;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** The tenants of the installation, for those who run it; a tenant's administrators see and rename their own. */
@Stateless
@RolesAllowed(Role.TENANT_ADMIN_NAME)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Tenants {
    private static final int MAX_NAME = 200;

    @Inject
    TenantStore tenants;

    @Inject
    Reach reach;

    @Inject
    CurrentTenant current;

    @RolesAllowed(Role.PLATFORM_ADMIN_NAME)
    public Page<Tenant> list(PageRequest page) {
        return Page.of(
                tenants.list(page.after(0), page.limit() + 1),
                page.limit(),
                tenant -> tenant.id().toString());
    }

    @RolesAllowed(Role.PLATFORM_ADMIN_NAME)
    public Tenant create(String slug, String name) {
        if (!Tenant.isSlug(slug)) {
            throw new AuspexException(
                    Code.BAD_REQUEST,
                    "a slug has 2 to 63 lower-case letters, digits and hyphens and begins with a letter");
        }
        return tenants.create(slug, checkName(name));
    }

    public Tenant get(int id) {
        return reach.tenant(id);
    }

    /** @throws AuspexException PRECONDITION_FAILED when {@code version} is not the tenant's (any more) */
    public Tenant rename(int id, String name, int version) {
        Tenant tenant = reach.tenant(id);
        return tenants.rename(tenant.id(), checkName(name), version).orElseThrow(Tenants::changed);
    }

    /** Refuses all credentials of the tenant from now on, or admits them again; never the caller's own tenant. */
    @RolesAllowed(Role.PLATFORM_ADMIN_NAME)
    public Tenant setStatus(int id, Tenant.Status status) {
        Tenant tenant = reach.tenant(id);
        if (tenant.id().equals(current.id())) {
            throw new AuspexException(Code.CONFLICT, "your own tenant cannot be suspended by you");
        }
        return tenants.setStatus(tenant.id(), status, tenant.version()).orElseThrow(Tenants::changed);
    }

    private static String checkName(String name) {
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new AuspexException(Code.BAD_REQUEST, "a name has 1 to " + MAX_NAME + " characters");
        }
        return name.strip();
    }

    private static AuspexException changed() {
        return new AuspexException(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile");
    }
}
