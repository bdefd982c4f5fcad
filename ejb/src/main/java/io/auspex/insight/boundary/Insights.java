package io.auspex.insight.boundary;

import io.auspex.insight.Insight;
import io.auspex.insight.control.InsightStore;
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

/** The findings about the caller's tenant, the latest first. */
@Stateless
@RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Insights {
    @Inject
    InsightStore store;

    @Inject
    CurrentTenant current;

    /** @param kind and severity by their wire names, empty for all */
    public Page<Insight> list(String kind, String severity, boolean openOnly, PageRequest page) {
        InsightStore.Filter filter = new InsightStore.Filter(kind, severity, openOnly);
        return Page.of(store.list(current.id(), filter, page), page.limit(), insight -> Long.toString(insight.id()));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such insight */
    public Insight get(long id) {
        return store.find(current.id(), id)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }
}
