package io.auspex.incontainer;

import io.auspex.tenancy.boundary.TenantScoped;
import jakarta.annotation.security.PermitAll;
import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;

/** JPA in a container-managed, tenant-bound transaction, as every boundary uses it. */
@Stateless
@PermitAll
public class TenantRows {
    @PersistenceContext(unitName = "auspex")
    EntityManager entities;

    @TenantScoped
    public List<?> visibleTenants() {
        return entities.createNativeQuery("select tenant_id from auspex.tenant order by 1")
                .getResultList();
    }

    @TenantScoped
    public int renameEverybody(String name) {
        return entities.createNativeQuery("update auspex.tenant set name = ?1")
                .setParameter(1, name)
                .executeUpdate();
    }

    @TenantScoped
    public Object setting() {
        return entities.createNativeQuery("select current_setting('app.tenant_id', true)")
                .getSingleResult();
    }

    /** Not bound to a tenant: row level security leaves nothing to see. */
    public List<?> visibleWithoutTenant() {
        return entities.createNativeQuery("select tenant_id from auspex.tenant").getResultList();
    }
}
