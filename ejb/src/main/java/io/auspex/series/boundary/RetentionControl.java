package io.auspex.series.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.RetentionPolicy;
import io.auspex.series.control.RetentionPolicies;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** For how long the caller's tenant keeps its samples and roll-ups. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.TENANT_ADMIN_NAME, Scope.ADMIN_NAME})
public class RetentionControl {
    @Inject
    CurrentTenant current;

    @Inject
    RetentionPolicies policies;

    /** Refuses, by its roles, who may not change the policy, before anything else is said about the request. */
    public void authorize() {}

    /** The policy that holds, the default one when the tenant has none of its own. */
    @RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
    public RetentionPolicy policy() {
        return policies.of(current.id());
    }

    /**
     * Replaces the policy of the version that is given.
     *
     * @throws AuspexException PRECONDITION_FAILED when it was changed since
     */
    public RetentionPolicy save(RetentionPolicy policy) {
        return policies.save(current.id(), policy)
                .orElseThrow(() ->
                        new AuspexException(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile"));
    }
}
