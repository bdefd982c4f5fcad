package io.auspex.ingest.boundary;

import io.auspex.ingest.control.RejectLedger;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;

/** Why samples of the caller's tenant were refused. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.ANALYST_NAME, Scope.INGEST_NAME, Scope.QUERY_NAME})
public class Rejects {
    @Inject
    CurrentTenant current;

    @Inject
    RejectLedger ledger;

    /**
     * Samples of one protocol that were refused for one reason since this server has started.
     *
     * @param reason stable name, in lower case
     * @param text the reason as a sentence
     * @param series label set of the latest example
     * @param detail what was wrong with it; may be empty
     */
    public record Rejected(
            String protocol,
            String reason,
            String text,
            long samples,
            Instant first,
            Instant last,
            String series,
            String detail) {}

    /** The latest first. */
    public List<Rejected> list() {
        return ledger.list(current.id());
    }
}
