package io.auspex.tenancy.rest;

import io.auspex.tenancy.Tenant;
import java.util.Locale;

/** A tenant on the wire. */
public record TenantView(int id, String slug, String name, String status, String createdAt, int version) {
    static TenantView of(Tenant tenant) {
        return new TenantView(
                tenant.id().value(),
                tenant.slug(),
                tenant.name(),
                tenant.status().name().toLowerCase(Locale.ROOT),
                tenant.createdAt().toString(),
                tenant.version());
    }
}
