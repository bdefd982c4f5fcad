package io.auspex.anomaly.boundary;

import io.auspex.anomaly.Anomaly;
import io.auspex.anomaly.control.AnomalyStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;

/** The anomalies that were found in the series of the caller's tenant, the latest first. */
@Stateless
@RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Anomalies {
    @Inject
    AnomalyStore store;

    @Inject
    CurrentTenant current;

    /**
     * Anomalies that touch a time range.
     *
     * @param metric empty for all
     */
    public Page<Anomaly> list(String metric, Instant from, Instant to, boolean openOnly, PageRequest page) {
        AnomalyStore.Filter filter = new AnomalyStore.Filter(metric, from, to, openOnly);
        return Page.of(store.list(current.id(), filter, page), page.limit(), anomaly -> Long.toString(anomaly.id()));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such anomaly */
    public Anomaly get(long id) {
        return store.find(current.id(), id)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }
}
