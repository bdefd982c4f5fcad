package io.auspex.identity.control;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.security.Key;
import java.text.ParseException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of one other issuer, for installations with an identity provider of their own.
 *
 * <p>Off unless {@code auspex.jwt.issuer} is set; its keys come from {@code auspex.jwt.jwks} (an https or file URL of a
 * JWK set) or {@code auspex.jwt.publickey} (PEM). RS256 and ES256 only.
 */
@ApplicationScoped
public class ForeignTokens {
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    @Inject
    Clock clock;

    @Inject
    @ConfigProperty(name = "auspex.jwt.issuer")
    Optional<String> issuer;

    @Inject
    @ConfigProperty(name = "auspex.jwt.audience", defaultValue = "auspex")
    String audience;

    @Inject
    @ConfigProperty(name = "auspex.jwt.jwks")
    Optional<String> jwks;

    @Inject
    @ConfigProperty(name = "auspex.jwt.publickey")
    Optional<String> publicKey;

    private @Nullable JWKSource<SecurityContext> keys;

    @PostConstruct
    void open() {
        if (issuer.isEmpty()) {
            return;
        }
        try {
            if (jwks.isPresent()) {
                URL url = URI.create(jwks.get()).toURL();
                keys = url.getProtocol().equals("file")
                        ? new ImmutableJWKSet<>(
                                JWKSet.load(Path.of(url.getPath()).toFile()))
                        : JWKSourceBuilder.create(url).retrying(true).build();
            } else if (publicKey.isPresent()) {
                keys = new ImmutableJWKSet<>(new JWKSet(JWK.parseFromPEMEncodedObjects(publicKey.get())));
            } else {
                throw new IllegalStateException("auspex.jwt.issuer needs auspex.jwt.jwks or auspex.jwt.publickey");
            }
        } catch (IOException | ParseException | JOSEException e) {
            throw new IllegalStateException("the keys of " + issuer.get() + " cannot be read", e);
        }
    }

    boolean issued(JWTClaimsSet claims) {
        return issuer.isPresent() && issuer.get().equals(claims.getIssuer());
    }

    Optional<TokenClaims> verify(SignedJWT token) {
        if (keys == null
                || issuer.isEmpty()
                || !ALGORITHMS.contains(token.getHeader().getAlgorithm())) {
            return Optional.empty();
        }
        try {
            JWKMatcher matcher = JWKMatcher.forJWSHeader(token.getHeader());
            for (JWK jwk : keys.get(new JWKSelector(matcher), null)) {
                if (verifies(token, jwk)) {
                    return TokenClaims.of(token.getJWTClaimsSet(), issuer.get(), audience, clock.instant());
                }
            }
            return Optional.empty();
        } catch (KeySourceException | ParseException e) {
            return Optional.empty();
        }
    }

    private static boolean verifies(SignedJWT token, JWK jwk) {
        try {
            for (Key key : KeyConverter.toJavaKeys(java.util.List.of(jwk.toPublicJWK()))) {
                if (token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(), key))) {
                    return true;
                }
            }
            return false;
        } catch (JOSEException e) {
            return false;
        }
    }
}
