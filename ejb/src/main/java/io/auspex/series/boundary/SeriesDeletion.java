package io.auspex.series.boundary;

import io.auspex.platform.AuspexException;
import io.auspex.series.DeletionRequest;
import io.auspex.series.Matcher;
import io.auspex.series.control.DeletionRequests;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Deletion of the caller's series: hidden at once, erased for good when nobody took it back in time. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.TENANT_ADMIN_NAME, Scope.ADMIN_NAME})
public class SeriesDeletion {
    @Inject
    CurrentTenant current;

    @Inject
    DeletionRequests requests;

    /**
     * Hides samples of the series that match any selector; what comes after the present is not part of it.
     *
     * @param texts the selectors as written
     * @param undo how long it may be taken back; the configured time when absent
     * @return nothing when there is nothing to delete
     */
    public Optional<DeletionRequest> delete(
            List<List<Matcher>> selectors,
            List<String> texts,
            long fromMillis,
            long toMillis,
            Optional<Duration> undo) {
        return requests.create(
                current.id(),
                new DeletionRequests.Wanted(
                        selectors,
                        texts,
                        fromMillis,
                        toMillis,
                        undo,
                        current.principal().subject()));
    }

    /** Does nothing, for callers that may delete; others are refused. */
    public void permit() {
        // the roles are the point
    }

    /** Erases now what can no longer be taken back, instead of within a minute. */
    public void clean() {
        requests.eraseDue(current.id());
    }

    /** The latest first. */
    public List<DeletionRequest> list(int limit) {
        return requests.list(current.id(), limit);
    }

    /** @throws AuspexException NOT_FOUND */
    public DeletionRequest get(long id) {
        return requests.get(current.id(), id);
    }

    /** @throws AuspexException NOT_FOUND, or CONFLICT when it is too late */
    public DeletionRequest undo(long id) {
        return requests.undo(current.id(), id, current.principal().subject());
    }
}
