package io.auspex.identity.boundary;

import io.auspex.identity.Lockout;
import io.auspex.identity.PasswordRules;
import io.auspex.identity.SignInName;
import io.auspex.identity.control.Accounts;
import io.auspex.identity.control.Accounts.Account;
import io.auspex.identity.control.Addresses;
import io.auspex.identity.control.Credentials;
import io.auspex.identity.control.Passwords;
import io.auspex.identity.control.TokenKeys;
import io.auspex.identity.control.TokenSessions;
import io.auspex.identity.control.Tokens;
import io.auspex.identity.control.UserState;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.RequestContext;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.security.PermitAll;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Signing in with a password, and the tokens that come of it.
 *
 * <p>An unknown name takes as long and answers the same as a wrong password. Ten failures in ten minutes lock the
 * account, and the address they came from, for a quarter of an hour.
 */
@Stateless
@PermitAll
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SignIn {
    private static final System.Logger LOG = System.getLogger(SignIn.class.getName());
    private static final String REFUSED = "name or password is wrong, or the account is locked for a while";
    private static final int PRUNE_EVERY = 100;

    @Inject
    Accounts accounts;

    @Inject
    Addresses addresses;

    @Inject
    Passwords passwords;

    @Inject
    TokenSessions sessions;

    @Inject
    Tokens tokens;

    @Inject
    TokenKeys keys;

    @Inject
    Credentials credentials;

    @Inject
    Clock clock;

    /**
     * @param name {@code login} or {@code login@tenant}
     * @param address where the request came from
     * @throws AuspexException UNAUTHENTICATED without saying why; QUOTA_EXCEEDED when the address is locked
     */
    public PortalSession signIn(String name, char[] password, String address) {
        UserState user = check(name, password, address);
        return new PortalSession(user.tenant().value(), user.userId(), user.credentialVersion());
    }

    /** Like {@link #signIn}, for programs; FORBIDDEN while a one-time password waits to be changed in the portal. */
    public TokenPair token(String name, char[] password, String address) {
        UserState user = check(name, password, address);
        if (user.mustChangePassword()) {
            throw new AuspexException(Code.FORBIDDEN, "the one-time password must be changed in the portal first");
        }
        return pair(sessions.begin(user, clock.instant()));
    }

    /** @throws AuspexException UNAUTHENTICATED; a refresh token that was used before ends its whole session */
    public TokenPair refresh(String refreshToken) {
        return pair(sessions.refresh(refreshToken, clock.instant())
                .orElseThrow(
                        () -> new AuspexException(Code.UNAUTHENTICATED, "the refresh token is not good any more")));
    }

    /** Ends the session of a refresh token; says nothing about whether there was one. */
    public void revoke(String refreshToken) {
        sessions.revoke(refreshToken);
    }

    /** Public keys of our tokens, as a JWK set. */
    public String publicKeys() {
        return keys.publicJwks();
    }

    /** @return the session to go on with; all others of the user have ended */
    public PortalSession changePassword(PortalSession session, char[] current, char[] wanted, String address) {
        TenantId tenant = new TenantId(session.tenant());
        Account account = accounts.find(tenant, session.userId())
                .filter(found -> found.state().credentialVersion() == session.credentialVersion())
                .orElseThrow(() -> new AuspexException(Code.UNAUTHENTICATED, "sign in again"));
        UserState user = check(account.state().name().toString(), current, address);
        PasswordRules.check(wanted, user.name().login());
        accounts.setPassword(tenant, user.userId(), passwords.hash(wanted), false);
        credentials.forget(tenant, user.userId());
        UserState now = accounts.state(tenant, user.userId()).orElseThrow();
        return new PortalSession(tenant.value(), now.userId(), now.credentialVersion());
    }

    private UserState check(String typed, char[] password, String address) {
        Instant now = clock.instant();
        if (addresses.blockedUntil(address, now).isPresent()) {
            throw new AuspexException(
                    Code.QUOTA_EXCEEDED,
                    "too many failed sign-ins from your address; try again in a quarter of an hour");
        }
        Optional<Account> account = SignInName.parse(typed).flatMap(accounts::find);
        if (account.isEmpty()) {
            passwords.matchNobody(password);
            throw refused(typed, address, now);
        }
        UserState user = account.get().state();
        boolean matches = passwords.matches(password, account.get().passwordHash());
        boolean locked = account.get().lockedUntil().map(now::isBefore).orElse(false);
        if (!matches || locked || !user.active()) {
            if (!locked) {
                accounts.failed(user, Lockout.DEFAULT, now);
            }
            throw refused(user.name().toString(), address, now);
        }
        RequestContext.set(RequestContext.current().withCaller(user.tenant().toString(), user.subject()));
        String stored = account.get().passwordHash();
        accounts.succeeded(user, passwords.outdated(stored) ? passwords.hash(password) : null, now);
        LOG.log(System.Logger.Level.INFO, "signed in user={0} address={1}", user.subject(), address);
        return user;
    }

    private AuspexException refused(String name, String address, Instant now) {
        addresses.failed(address, Lockout.DEFAULT, now);
        if (ThreadLocalRandom.current().nextInt(PRUNE_EVERY) == 0) {
            addresses.prune(now);
        }
        LOG.log(System.Logger.Level.WARNING, "sign-in refused name={0} address={1}", printable(name), address);
        return new AuspexException(Code.UNAUTHENTICATED, REFUSED);
    }

    /** Names come from outside and must not forge a log line. */
    private static String printable(String name) {
        String clean = name.replaceAll("[^A-Za-z0-9@._-]", "?");
        return clean.substring(0, Math.min(clean.length(), 130));
    }

    private TokenPair pair(TokenSessions.Session session) {
        return new TokenPair(
                tokens.issue(session.user(), session.id()), session.refreshToken(), Tokens.LIFETIME.toSeconds());
    }
}
