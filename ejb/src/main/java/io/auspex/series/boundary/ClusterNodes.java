package io.auspex.series.boundary;

import io.auspex.series.ClusterNode;
import io.auspex.series.control.StorageReport;
import io.auspex.tenancy.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.List;

/** The servers of this database, for those who run them; any of them answers. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed(Role.PLATFORM_ADMIN_NAME)
public class ClusterNodes {
    @Inject
    StorageReport report;

    /** The oldest first; one that was killed is listed for an hour. */
    public List<ClusterNode> list() {
        return report.nodes();
    }
}
