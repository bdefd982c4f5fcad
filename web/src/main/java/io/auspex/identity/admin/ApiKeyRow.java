package io.auspex.identity.admin;

import io.auspex.identity.ApiKey;
import io.auspex.tenancy.Scope;
import java.time.Instant;
import java.util.stream.Collectors;

/** An API key as the list of keys shows it. */
public final class ApiKeyRow {
    private final ApiKey key;

    ApiKeyRow(ApiKey key) {
        this.key = key;
    }

    public int getId() {
        return key.id();
    }

    public String getName() {
        return key.name();
    }

    public String getPrefix() {
        return key.prefix();
    }

    public String getScopes() {
        return key.scopes().stream().sorted().map(Scope::wireName).collect(Collectors.joining(", "));
    }

    public String getCreatedBy() {
        return key.createdBy();
    }

    /** RFC 3339, empty when the key does not expire. */
    public String getExpiresAt() {
        return key.expiresAt().map(Instant::toString).orElse("");
    }

    /** RFC 3339, empty when the key was never used. */
    public String getLastUsedAt() {
        return key.lastUsedAt().map(Instant::toString).orElse("");
    }

    public boolean isRevoked() {
        return key.revokedAt().isPresent();
    }
}
