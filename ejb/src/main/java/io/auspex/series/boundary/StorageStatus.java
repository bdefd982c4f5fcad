package io.auspex.series.boundary;

import io.auspex.series.Cardinality;
import io.auspex.series.PackTotals;
import io.auspex.series.TierTotals;
import io.auspex.series.control.StorageReport;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.List;

/** How the caller's samples are stored: the tenant's own figures, never those of others. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
public class StorageStatus {
    @Inject
    CurrentTenant current;

    @Inject
    StorageReport report;

    /** @param limit how many entries each list has at most */
    public Cardinality cardinality(int limit) {
        return report.cardinality(current.id(), limit);
    }

    @RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
    public PackTotals packs() {
        return report.packs(current.id());
    }

    /** What each tier takes, from the finest. */
    @RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
    public List<TierTotals> tiers() {
        return report.tiers(current.id());
    }
}
