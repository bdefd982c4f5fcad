package io.auspex.ingest.boundary;

import io.auspex.ingest.Account;
import io.auspex.ingest.control.IngestPipeline;
import io.auspex.ingest.control.IngestSettings;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import io.auspex.tenancy.boundary.TenantPrincipal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The caller's samples, as remote-write clients send them. For keys with the scope ingest, and operators. */
@ApplicationScoped
public class RemoteWrites {
    @Inject
    CurrentTenant current;

    @Inject
    IngestPipeline pipeline;

    @Inject
    IngestSettings settings;

    /**
     * Stores a remote-write 1.0 request in the caller's tenant; returns when it is durable.
     *
     * @param body the first {@code length} bytes are the request as it was sent
     * @throws AuspexException FORBIDDEN, BAD_DATA, PAYLOAD_TOO_LARGE, or UNAVAILABLE when nothing was stored
     */
    public Account write(byte[] body, int length) {
        TenantPrincipal caller = current.principal();
        if (!current.isCallerInRole(Scope.INGEST_NAME) && !current.isCallerInRole(Role.OPERATOR_NAME)) {
            throw new AuspexException(Code.FORBIDDEN, "writing samples needs the scope ingest or the role operator");
        }
        return pipeline.remoteWrite(caller.tenant(), body, length);
    }

    /** The largest request that is read at all, in bytes as sent. */
    public int maxRequestBytes() {
        return settings.maxRequestBytes();
    }
}
