package io.auspex.incontainer;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.boundary.CurrentTenant;
import io.auspex.tenancy.boundary.TenantPrincipal;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for the caller in tests that have none: the tenant is what the test says. */
@Alternative
@Priority(1)
@ApplicationScoped
public class TestedTenant extends CurrentTenant {
    private final ThreadLocal<AtomicInteger> tenant = ThreadLocal.withInitial(() -> new AtomicInteger(1));

    void is(TenantId id) {
        tenant.get().set(id.value());
    }

    @Override
    public TenantPrincipal principal() {
        TenantId id = new TenantId(tenant.get().get());
        return new TenantPrincipal("test", "user:0", id);
    }

    @Override
    public TenantId id() {
        return principal().tenant();
    }
}
