package io.auspex.tenancy.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.control.TenantStore;
import jakarta.annotation.security.PermitAll;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** The tenant to which the caller belongs, for everybody who has proved who it is. */
@Stateless
@PermitAll
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class OwnTenant {
    @Inject
    TenantStore tenants;

    @Inject
    CurrentTenant current;

    /** @throws AuspexException UNAUTHENTICATED when nobody has signed in */
    public Tenant get() {
        return tenants.find(current.id())
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }
}
