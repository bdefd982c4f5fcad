package io.auspex.identity.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers for a presented credential: who it is and whether it holds right now. Cached answers are at most a second
 * old ({@link FreshCache}); a signature is checked once per token.
 */
@ApplicationScoped
public class Credentials {
    private static final System.Logger LOG = System.getLogger(Credentials.class.getName());
    private static final Pattern SESSION = Pattern.compile("(\\d{1,9})\\.([0-9a-f-]{36})");
    private static final int MAX_TOKEN_LENGTH = 8_192;

    @Inject
    TenantJdbc jdbc;

    @Inject
    Accounts accounts;

    @Inject
    ApiKeyStore apiKeys;

    @Inject
    TokenSessions sessions;

    @Inject
    Tokens tokens;

    @Inject
    ForeignTokens foreign;

    @Inject
    Clock clock;

    @Inject
    @ConfigProperty(name = "auspex.credentials.outage-grace", defaultValue = "PT15M")
    Duration outageGrace = Duration.ofMinutes(15);

    private final FreshCache<ByteBuffer, KeyState> keys = new FreshCache<>(Ticker.systemTicker(), () -> outageGrace);
    private final FreshCache<UserKey, UserState> users = new FreshCache<>(Ticker.systemTicker(), () -> outageGrace);
    private final FreshCache<SessionKey, UserState> tokenUsers =
            new FreshCache<>(Ticker.systemTicker(), () -> outageGrace);
    private final FreshCache<String, TenantId> activeTenants =
            new FreshCache<>(Ticker.systemTicker(), () -> outageGrace);
    private final Cache<ByteBuffer, TokenClaims> verified = Caffeine.newBuilder()
            .maximumSize(20_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();
    private final Cache<SessionKey, Boolean> noted = Caffeine.newBuilder()
            .maximumSize(20_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    private record UserKey(TenantId tenant, int userId) {}

    private record SessionKey(TenantId tenant, String id) {}

    /** A caller from another issuer, whose roles come from the token. */
    public record Foreign(TenantId tenant, String slug, String subject, String name, Set<String> groups) {}

    /** The usable key behind what was presented. */
    public Optional<KeyState> key(String presented) {
        byte[] hash = Secrets.sha256(presented);
        Instant now = clock.instant();
        Optional<KeyState> key =
                keys.get(ByteBuffer.wrap(hash), () -> apiKeys.find(hash)).filter(state -> state.usable(now));
        key.ifPresent(state -> note(state, now));
        return key;
    }

    private void note(KeyState key, Instant now) {
        SessionKey use = new SessionKey(key.tenant(), key.subject());
        if (noted.getIfPresent(use) == null) {
            noted.put(use, true);
            try {
                apiKeys.used(key.tenant(), key.keyId(), now);
            } catch (AuspexException e) {
                LOG.log(System.Logger.Level.DEBUG, "last use of a key not noted", e);
            }
        }
    }

    /** The active user of a portal session. */
    public Optional<UserState> user(TenantId tenant, int userId) {
        return users.get(new UserKey(tenant, userId), () -> accounts.state(tenant, userId))
                .filter(UserState::active);
    }

    public void forget(TenantId tenant, int userId) {
        users.forget(new UserKey(tenant, userId));
    }

    /** The active user that one of our tokens speaks for. */
    public Optional<UserState> tokenUser(String presented) {
        return claims(presented, true).flatMap(claims -> {
            Matcher session = SESSION.matcher(claims.session());
            if (!session.matches()) {
                return Optional.empty();
            }
            TenantId tenant = new TenantId(Integer.parseInt(session.group(1)));
            UUID id = UUID.fromString(session.group(2));
            Instant now = clock.instant();
            return tokenUsers
                    .get(new SessionKey(tenant, session.group(2)), () -> sessions.user(tenant, id, now))
                    .filter(user -> user.active()
                            && user.subject().equals(claims.subject())
                            && user.name().tenant().equals(claims.tenant()));
        });
    }

    /** What a token of the configured other issuer says, and the active tenant that it names. */
    public Optional<Foreign> foreign(String presented) {
        return claims(presented, false)
                .flatMap(claims -> activeTenants
                        .get(claims.tenant(), () -> activeTenant(claims.tenant()))
                        .map(tenant -> new Foreign(
                                tenant, claims.tenant(), claims.subject(), claims.name(), claims.groups())));
    }

    /** Forgets a token's session at once on this node; other nodes follow within {@link FreshCache#FRESH}. */
    public void forgetToken(String presented) {
        claims(presented, true).ifPresent(claims -> {
            Matcher session = SESSION.matcher(claims.session());
            if (session.matches()) {
                tokenUsers.forget(new SessionKey(new TenantId(Integer.parseInt(session.group(1))), session.group(2)));
            }
        });
    }

    private Optional<TenantId> activeTenant(String slug) {
        return jdbc.callUnbound(connection -> {
            Optional<TenantId> tenant = Accounts.tenant(connection, slug);
            if (tenant.isEmpty()) {
                return tenant;
            }
            TenantJdbc.bind(connection, tenant.get());
            try (PreparedStatement select =
                    connection.prepareStatement("select status = 'ACTIVE' from auspex.tenant where tenant_id = ?")) {
                select.setInt(1, tenant.get().value());
                try (ResultSet row = select.executeQuery()) {
                    return row.next() && row.getBoolean(1) ? tenant : Optional.empty();
                }
            }
        });
    }

    private Optional<TokenClaims> claims(String presented, boolean ours) {
        if (presented.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        ByteBuffer digest = ByteBuffer.wrap(Secrets.sha256((ours ? "own:" : "foreign:") + presented));
        TokenClaims known = verified.getIfPresent(digest);
        Optional<TokenClaims> claims = known == null ? verify(presented, ours) : Optional.of(known);
        if (known == null) {
            claims.ifPresent(verifiedNow -> verified.put(digest, verifiedNow));
        }
        return claims.filter(valid -> !valid.expired(clock.instant()));
    }

    private Optional<TokenClaims> verify(String presented, boolean ours) {
        try {
            SignedJWT token = SignedJWT.parse(presented);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            if (claims == null) {
                return Optional.empty();
            }
            if (ours) {
                return tokens.issued(claims) ? tokens.verify(token) : Optional.empty();
            }
            return foreign.issued(claims) ? foreign.verify(token) : Optional.empty();
        } catch (ParseException e) {
            return Optional.empty();
        }
    }
}
