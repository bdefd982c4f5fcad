package io.auspex.identity.control;

import io.auspex.identity.Grants;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What decides whether an API key may act right now, and as what.
 *
 * @param slug the tenant's
 * @param active neither revoked nor of a suspended tenant or a disabled creator
 * @param creator the roles that the key's creator has now
 */
public record KeyState(
        TenantId tenant,
        String slug,
        int keyId,
        String name,
        boolean active,
        Optional<Instant> expiresAt,
        Set<Scope> scopes,
        Set<Role> creator) {
    public KeyState {
        scopes = Set.copyOf(scopes);
        creator = Set.copyOf(creator);
    }

    public boolean usable(Instant now) {
        return active && expiresAt.map(now::isBefore).orElse(true);
    }

    /** Stable id of the caller. */
    public String subject() {
        return "key:" + keyId;
    }

    /** The container roles. */
    public Set<String> groups() {
        return Grants.ofKey(scopes, creator);
    }
}
