package io.auspex.audit.boundary;

import io.auspex.audit.AuditChain;
import io.auspex.audit.AuditEntry;
import io.auspex.audit.control.AuditStore;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** What was done in the caller's tenant, for its auditors. */
@Stateless
@RolesAllowed(Role.AUDITOR_NAME)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class AuditTrail {
    @Inject
    AuditStore trail;

    @Inject
    CurrentTenant current;

    /** Newest first. */
    public Page<AuditEntry> list(PageRequest page) {
        return Page.of(
                trail.list(current.id(), page.after(Long.MAX_VALUE), page.limit() + 1),
                page.limit(),
                entry -> Long.toString(entry.sequence()));
    }

    /** Recomputes the chain of hashes over the whole trail. */
    public AuditChain verify() {
        return trail.verify(current.id());
    }
}
