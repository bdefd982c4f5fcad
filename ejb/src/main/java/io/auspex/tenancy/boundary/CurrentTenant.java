package io.auspex.tenancy.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.SecurityContext;
import java.security.Principal;

/** The caller of the running request and its tenant, from the credential and from nothing else. */
@ApplicationScoped
public class CurrentTenant {
    @Inject
    SecurityContext security;

    /** @throws AuspexException UNAUTHENTICATED when nobody has signed in */
    public TenantId id() {
        return principal().tenant();
    }

    /** @throws AuspexException UNAUTHENTICATED when nobody has signed in */
    public TenantPrincipal principal() {
        Principal caller = security.getCallerPrincipal();
        if (caller instanceof TenantPrincipal principal) {
            return principal;
        }
        throw new AuspexException(Code.UNAUTHENTICATED, "sign in or send a credential");
    }

    public boolean isCallerInRole(String role) {
        return security.isCallerInRole(role);
    }
}
