package io.auspex.identity.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.auspex.identity.SignInName;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TokensTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final UserState ANNA =
            new UserState(new TenantId(7), 3, new SignInName("anna", "acme"), true, false, 0, Set.of(Role.OPERATOR));

    private final Tokens tokens = new Tokens();
    private ECKey key;

    @BeforeEach
    void prepare() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
        tokens.issuer = "auspex";
        tokens.audience = "auspex";
        tokens.keys = new TokenKeys() {
            @Override
            public synchronized ECKey signer() {
                return key;
            }

            @Override
            public Optional<ECKey> find(String kid) {
                return kid.equals(key.getKeyID()) ? Optional.of(key.toPublicJWK()) : Optional.empty();
            }
        };
        at(NOON);
    }

    private void at(Instant instant) {
        tokens.clock = Clock.fixed(instant, ZoneOffset.UTC);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("auspex")
                .audience("auspex")
                .subject("user:3")
                .expirationTime(Date.from(NOON.plusSeconds(60)))
                .claim("tid", "acme")
                .claim("groups", List.of("viewer"));
    }

    private Optional<TokenClaims> verify(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                change.apply(claims()).build());
        token.sign(new ECDSASigner(key));
        return tokens.verify(SignedJWT.parse(token.serialize()));
    }

    @Test
    void verify_readsWhatIssueWrote() throws Exception {
        UUID session = UUID.fromString("5c0f2b1e-7a52-4a9e-8a3c-111111111111");

        TokenClaims claims =
                tokens.verify(SignedJWT.parse(tokens.issue(ANNA, session))).orElseThrow();

        assertThat(claims.subject()).isEqualTo("user:3");
        assertThat(claims.name()).isEqualTo("anna@acme");
        assertThat(claims.tenant()).isEqualTo("acme");
        assertThat(claims.session()).isEqualTo("7." + session);
        assertThat(claims.groups()).containsExactlyInAnyOrder("viewer", "analyst", "operator");
    }

    @Test
    void verify_acceptsTheBaseline() throws Exception { // else the refusals below would prove nothing
        assertThat(verify(claims -> claims)).isPresent();
    }

    @Test
    void verify_refuses_whatIsExpiredOrNotYetGood() throws Exception {
        assertThat(verify(claims -> claims.expirationTime(Date.from(NOON.minusSeconds(31)))))
                .isEmpty();
        assertThat(verify(claims -> claims.expirationTime(null))).isEmpty();
        assertThat(verify(claims -> claims.notBeforeTime(Date.from(NOON.plusSeconds(31)))))
                .isEmpty();
        String issued = tokens.issue(ANNA, UUID.randomUUID());
        at(NOON.plus(Tokens.LIFETIME).plus(Duration.ofSeconds(31)));
        assertThat(tokens.verify(SignedJWT.parse(issued))).isEmpty();
    }

    @Test
    void verify_refuses_foreignIssuersAndAudiences() throws Exception {
        assertThat(verify(claims -> claims.issuer("somebody"))).isEmpty();
        assertThat(verify(claims -> claims.audience("other-service"))).isEmpty();
        assertThat(verify(claims -> claims.audience((String) null))).isEmpty();
    }

    @Test
    void verify_refuses_tokensWithoutTenantOrSubject() throws Exception {
        assertThat(verify(claims -> claims.claim("tid", null))).isEmpty();
        assertThat(verify(claims -> claims.claim("tid", " "))).isEmpty();
        assertThat(verify(claims -> claims.subject(null))).isEmpty();
        assertThat(verify(claims -> claims.claim("groups", "platform-admin"))).isEmpty();
    }

    @Test
    void verify_refuses_otherAlgorithmsAndKeys() throws Exception {
        // the public key as HMAC secret: the classic confusion of algorithms
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims().build());
        mac.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(tokens.verify(mac)).isEmpty();

        ECKey other = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims().build());
        forged.sign(new ECDSASigner(other));
        assertThat(tokens.verify(forged)).isEmpty();

        SignedJWT unknown = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("nobody").build(), claims().build());
        unknown.sign(new ECDSASigner(key));
        assertThat(tokens.verify(unknown)).isEmpty();
    }

    @Test
    void verify_refuses_aTamperedToken() throws Exception {
        String issued = tokens.issue(ANNA, UUID.randomUUID());
        String[] parts = issued.split("\\.", -1);
        String payload = new String(
                        java.util.Base64.getUrlDecoder().decode(parts[1]), java.nio.charset.StandardCharsets.UTF_8)
                .replace("acme", "evil");
        String tampered = parts[0] + "."
                + java.util.Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(payload.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + "." + parts[2];

        assertThat(tokens.verify(SignedJWT.parse(tampered))).isEmpty();
    }
}
