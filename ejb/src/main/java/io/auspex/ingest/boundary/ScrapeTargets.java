package io.auspex.ingest.boundary;

import io.auspex.ingest.ScrapeReport;
import io.auspex.ingest.control.Scraper;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** What is scraped for the caller's tenant, and how that goes. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
public class ScrapeTargets {
    @Inject
    CurrentTenant current;

    @Inject
    Scraper scraper;

    /**
     * As it is now on this node, or as another one said some seconds ago.
     *
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there
     */
    public ScrapeReport report() {
        return scraper.report(current.id());
    }
}
