package io.auspex.identity.control;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Our own access tokens: signed with ES256 and nothing else, good for {@link #LIFETIME}. */
@ApplicationScoped
public class Tokens {
    public static final Duration LIFETIME = Duration.ofMinutes(10);

    @Inject
    TokenKeys keys;

    @Inject
    Clock clock;

    @Inject
    @ConfigProperty(name = "auspex.token.issuer", defaultValue = "auspex")
    String issuer;

    @Inject
    @ConfigProperty(name = "auspex.token.audience", defaultValue = "auspex")
    String audience;

    public String issue(UserState user, UUID session) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .subject(user.subject())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .jwtID(UUID.randomUUID().toString())
                .claim("upn", user.name().toString())
                .claim("tid", user.name().tenant())
                .claim("sid", user.tenant() + "." + session)
                .claim("groups", List.copyOf(user.groups()))
                .build();
        ECKey key = keys.signer();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the token key does not sign", e);
        }
        return token.serialize();
    }

    boolean issued(JWTClaimsSet claims) {
        return issuer.equals(claims.getIssuer());
    }

    /** What the token says, if one of our nodes said it and it still holds. */
    Optional<TokenClaims> verify(SignedJWT token) {
        try {
            if (!JWSAlgorithm.ES256.equals(token.getHeader().getAlgorithm())
                    || token.getHeader().getKeyID() == null) {
                return Optional.empty();
            }
            Optional<ECKey> key = keys.find(token.getHeader().getKeyID());
            if (key.isEmpty() || !token.verify(new ECDSAVerifier(key.get()))) {
                return Optional.empty();
            }
            return TokenClaims.of(token.getJWTClaimsSet(), issuer, audience, clock.instant());
        } catch (JOSEException | ParseException e) {
            return Optional.empty();
        }
    }
}
