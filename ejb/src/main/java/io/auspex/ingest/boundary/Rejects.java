package io.auspex.ingest.boundary;

import io.auspex.ingest.Reason;
import io.auspex.ingest.control.RejectLedger;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
     * Samples of one protocol that were refused for one reason within the last thirty days.
     *
     * @param reason stable name, in lower case
     * @param text the reason as a sentence
     * @param fix what the sender may do about it
     * @param series label set of the latest example
     * @param detail what was wrong with it; may be empty
     */
    public record Rejected(
            String protocol,
            String reason,
            String text,
            String fix,
            long samples,
            Instant first,
            Instant last,
            String series,
            String detail) {}

    /**
     * The latest first.
     *
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there
     */
    public List<Rejected> list() {
        return ledger.list(current.id()).stream()
                .map(row -> {
                    // a reason that this version does not know was written by a newer one
                    Optional<Reason> reason = Arrays.stream(Reason.values())
                            .filter(known -> RejectLedger.name(known).equals(row.reason()))
                            .findFirst();
                    return new Rejected(
                            row.protocol(),
                            row.reason(),
                            reason.map(Reason::text).orElse(""),
                            reason.map(Reason::fix).orElse(""),
                            row.samples(),
                            row.first(),
                            row.last(),
                            row.series(),
                            row.detail());
                })
                .toList();
    }
}
