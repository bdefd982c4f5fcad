package io.auspex.identity;

import io.auspex.tenancy.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A machine's key, as its tenant's administrators see it: without its secret, which nobody has kept.
 *
 * @param prefix the first characters of the secret, by which its owner recognises it
 * @param createdBy login of the user whose rights bound the key's
 */
public record ApiKey(
        int id,
        String name,
        String prefix,
        Set<Scope> scopes,
        String createdBy,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt,
        Optional<Instant> revokedAt) {
    public ApiKey {
        scopes = Set.copyOf(scopes);
    }
}
