package io.auspex.tenancy.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.RequestContext;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Decides whether the caller may act in a tenant that a request names: everybody in the own one, platform
 * administrators in each, when they say why.
 */
@ApplicationScoped
public class Reach {
    @Inject
    CurrentTenant current;

    @Inject
    TenantStore tenants;

    /**
     * @throws AuspexException NOT_FOUND for another's tenant exactly as for none; BAD_REQUEST when a platform
     *     administrator gives no reason
     */
    public Tenant tenant(int id) {
        if (id > 0 && current.id().value() == id) {
            return tenants.find(current.id()).orElseThrow(Reach::notFound);
        }
        if (id <= 0 || !current.isCallerInRole(Role.PLATFORM_ADMIN_NAME)) {
            throw notFound();
        }
        Tenant tenant = tenants.find(new TenantId(id)).orElseThrow(Reach::notFound);
        String reason = RequestContext.current().reason();
        if (reason.isBlank()) {
            throw new AuspexException(Code.BAD_REQUEST, "acting in another tenant needs a reason, in X-Reason");
        }
        tenants.entered(tenant.id());
        return tenant;
    }

    private static AuspexException notFound() {
        return new AuspexException(Code.NOT_FOUND, "there is nothing here for you");
    }
}
