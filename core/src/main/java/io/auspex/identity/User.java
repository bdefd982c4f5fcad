package io.auspex.identity;

import io.auspex.tenancy.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A person who signs in, as the tenant's administrators see it.
 *
 * @param email empty when none is known
 * @param roles as assigned, without what they imply
 * @param version counts changes, for optimistic locking
 */
public record User(
        int id,
        String login,
        String displayName,
        String email,
        boolean enabled,
        boolean mustChangePassword,
        Set<Role> roles,
        Instant createdAt,
        Optional<Instant> lastLoginAt,
        int version) {
    public User {
        roles = Set.copyOf(roles);
    }
}
