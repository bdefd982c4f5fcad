package io.auspex.tenancy.admin;

import io.auspex.tenancy.Tenant;
import java.util.Locale;

/** A tenant as its page and the list of tenants show it. */
public final class TenantRow {
    private final Tenant tenant;

    TenantRow(Tenant tenant) {
        this.tenant = tenant;
    }

    public int getId() {
        return tenant.id().value();
    }

    public String getName() {
        return tenant.name();
    }

    public String getSlug() {
        return tenant.slug();
    }

    public String getStatus() {
        return tenant.status().name().toLowerCase(Locale.ROOT);
    }

    public String getStatusKey() {
        return "tenants.status." + getStatus();
    }

    public boolean isActive() {
        return tenant.status() == Tenant.Status.ACTIVE;
    }

    public String getCreatedAt() {
        return tenant.createdAt().toString();
    }
}
