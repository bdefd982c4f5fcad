package io.auspex.identity.boundary;

import io.auspex.identity.ApiKey;
import io.auspex.identity.Grants;
import io.auspex.identity.control.ApiKeyStore;
import io.auspex.identity.control.Secrets;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of the caller's tenant, for its administrators. */
@Stateless
@RolesAllowed(Role.TENANT_ADMIN_NAME)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ApiKeys {
    private static final String KEY_PREFIX = "auspex_";
    private static final Pattern USER = Pattern.compile("user:(\\d{1,9})");
    private static final int MAX_NAME = 200;

    @Inject
    ApiKeyStore keys;

    @Inject
    CurrentTenant current;

    @Inject
    Clock clock;

    /** A new key, whose secret is shown this once and kept nowhere. */
    public record Created(ApiKey key, String secret) {}

    public Page<ApiKey> list(PageRequest page) {
        return Page.of(keys.list(current.id(), page), page.limit(), key -> Integer.toString(key.id()));
    }

    /** @throws AuspexException FORBIDDEN for a scope beyond the caller, or when the caller is itself a key */
    public Created create(String name, Set<Scope> scopes, Optional<Instant> expiresAt) {
        Matcher creator = USER.matcher(current.principal().subject());
        if (!creator.matches()) {
            throw new AuspexException(Code.FORBIDDEN, "keys are created by people, not by other keys");
        }
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new AuspexException(Code.BAD_REQUEST, "a name has 1 to " + MAX_NAME + " characters");
        }
        if (scopes.isEmpty()) {
            throw new AuspexException(Code.BAD_REQUEST, "a key has at least one scope");
        }
        if (expiresAt.isPresent() && !expiresAt.get().isAfter(clock.instant())) {
            throw new AuspexException(Code.BAD_REQUEST, "expiresAt must be in the future, got " + expiresAt.get());
        }
        Set<Role> own = Users.callersRoles(current);
        for (Scope scope : scopes) {
            if (!Grants.permits(own, scope)) {
                throw new AuspexException(Code.FORBIDDEN, "your roles do not allow scope " + scope.wireName());
            }
        }
        String secret = KEY_PREFIX + Secrets.random();
        int user = Integer.parseInt(creator.group(1));
        return new Created(keys.create(current.id(), user, name.strip(), scopes, expiresAt, secret), secret);
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such key */
    public void revoke(int id) {
        if (!keys.revoke(current.id(), id, clock.instant())) {
            throw new AuspexException(Code.NOT_FOUND, "there is nothing here for you");
        }
    }
}
