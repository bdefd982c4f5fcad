package io.auspex.identity.boundary;

import io.auspex.identity.Grants;
import io.auspex.identity.control.Credentials;
import io.auspex.identity.control.KeyState;
import io.auspex.identity.control.UserState;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.boundary.TenantPrincipal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells who presents a credential. Every request asks anew; what is revoked, disabled or suspended is refused within a
 * second on every node.
 */
@ApplicationScoped
public class Authenticator {
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    @Inject
    Credentials credentials;

    /** What follows {@code Bearer}: a JSON Web Token or an API key. */
    public Optional<Caller> bearer(String presented) {
        if (!JWT.matcher(presented).matches()) {
            return key(presented);
        }
        return credentials
                .tokenUser(presented)
                .map(Authenticator::caller)
                .or(() -> credentials.foreign(presented).map(Authenticator::caller));
    }

    public Optional<Caller> key(String presented) {
        return credentials.key(presented).map(Authenticator::caller);
    }

    public Optional<Caller> session(PortalSession session) {
        return credentials
                .user(new TenantId(session.tenant()), session.userId())
                .filter(user -> user.credentialVersion() == session.credentialVersion())
                .map(Authenticator::caller);
    }

    private static Caller caller(UserState user) {
        TenantPrincipal principal = new TenantPrincipal(user.name().toString(), user.subject(), user.tenant());
        return new Caller(principal, user.name().tenant(), user.groups(), user.mustChangePassword());
    }

    private static Caller caller(KeyState key) {
        TenantPrincipal principal = new TenantPrincipal(key.name(), key.subject(), key.tenant());
        return new Caller(principal, key.slug(), key.groups(), false);
    }

    private static Caller caller(Credentials.Foreign token) {
        TenantPrincipal principal = new TenantPrincipal(token.name(), "token:" + token.subject(), token.tenant());
        return new Caller(principal, token.slug(), Grants.ofForeign(token.groups()), false);
    }
}
