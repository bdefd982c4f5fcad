package io.auspex.tenancy.boundary;

import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Puts the caller's tenant into the transaction.
 *
 * <p>Unwrapping the connection is what makes EclipseLink read over the transaction's own connection; without it
 * reads go over another one, on which no tenant is set, and find nothing.
 */
@TenantScoped
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
public class TenantBinding {
    private static final String BOUND = "io.auspex.tenant";

    @PersistenceContext(unitName = "auspex")
    EntityManager entities;

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    TransactionSynchronizationRegistry transaction;

    @Inject
    CurrentTenant current;

    @AroundInvoke
    @Nullable
    Object bind(InvocationContext call) throws Exception {
        if (transaction.getTransactionStatus() != Status.STATUS_ACTIVE) {
            throw new IllegalStateException(
                    "a tenant-scoped method needs a container-managed transaction: " + call.getMethod());
        }
        TenantId tenant = current.id();
        Object bound = transaction.getResource(BOUND);
        if (bound == null) {
            TenantJdbc.bind(entities.unwrap(Connection.class), tenant);
            transaction.putResource(BOUND, tenant);
        } else if (!bound.equals(tenant)) {
            throw new IllegalStateException("a transaction belongs to one tenant");
        }
        return call.proceed();
    }
}
