package io.auspex.tenancy.boundary;

import io.auspex.tenancy.TenantId;
import jakarta.security.enterprise.CallerPrincipal;
import java.io.Serializable;

/** A caller whose tenant is known from the credential alone. */
public final class TenantPrincipal extends CallerPrincipal implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int tenant;
    private final String subject;

    /**
     * @param name what people and the audit trail call the caller: a login, or the name of an API key
     * @param subject stable id, {@code user:7} or {@code key:12}
     */
    public TenantPrincipal(String name, String subject, TenantId tenant) {
        super(name);
        this.subject = subject;
        this.tenant = tenant.value();
    }

    public TenantId tenant() {
        return new TenantId(tenant);
    }

    public String subject() {
        return subject;
    }
}
