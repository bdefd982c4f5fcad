package io.auspex.tenancy;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A customer of the installation.
 *
 * @param slug the name in tokens, headers and sign-in names; never changes
 * @param version counts changes, for optimistic locking
 */
public record Tenant(TenantId id, String slug, String name, Status status, Instant createdAt, int version) {
    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,62}");

    /** A suspended tenant's credentials are refused, its data is kept. */
    public enum Status {
        ACTIVE,
        SUSPENDED,
        OFFBOARDED
    }

    /** Whether a tenant may be called so: 2 to 63 lower-case letters, digits and hyphens, a letter first. */
    public static boolean isSlug(String slug) {
        return SLUG.matcher(slug).matches();
    }
}
