package io.auspex.live.boundary;

import io.auspex.live.LiveRequest;
import io.auspex.live.LiveSink;
import io.auspex.live.control.LiveHub;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/**
 * Push of fresh values and findings of the caller's tenant.
 *
 * <p>A stream ends after some minutes; the subscriber comes back by itself and has to prove again who it is.
 */
@Stateless
@RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class LiveStreams {
    @Inject
    LiveHub hub;

    @Inject
    CurrentTenant current;

    /**
     * Connects a sink until it is closed.
     *
     * @return ends the subscription
     * @throws AuspexException BAD_DATA for what is no query, QUOTA_EXCEEDED when the tenant has too many streams
     */
    public Runnable subscribe(LiveRequest request, LiveSink sink) {
        return hub.subscribe(current.id(), request, sink);
    }
}
