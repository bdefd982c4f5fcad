package io.auspex.identity.control;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a bearer token must say, after the rules of MicroProfile JWT: issuer, audience, expiry, subject, groups, and the
 * tenant in {@code tid}.
 *
 * @param name {@code upn}, else {@code preferred_username}, else the subject
 * @param session {@code sid}, empty in tokens of a foreign issuer
 */
record TokenClaims(String subject, String name, String tenant, String session, Set<String> groups, Instant expiresAt) {
    /** How far clocks may differ. */
    static final Duration SKEW = Duration.ofSeconds(30);

    static Optional<TokenClaims> of(JWTClaimsSet claims, String issuer, String audience, Instant now) {
        try {
            boolean ours =
                    issuer.equals(claims.getIssuer()) && claims.getAudience().contains(audience);
            if (!ours || !timely(claims, now)) {
                return Optional.empty();
            }
            String subject = claims.getSubject();
            String tenant = claims.getStringClaim("tid");
            if (subject == null || subject.isBlank() || tenant == null || tenant.isBlank()) {
                return Optional.empty();
            }
            List<String> groups = claims.getStringListClaim("groups");
            return Optional.of(new TokenClaims(
                    subject,
                    first(claims.getStringClaim("upn"), claims.getStringClaim("preferred_username"), subject),
                    tenant,
                    first(claims.getStringClaim("sid"), ""),
                    groups == null ? Set.of() : Set.copyOf(groups),
                    claims.getExpirationTime().toInstant()));
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    private static boolean timely(JWTClaimsSet claims, Instant now) {
        Date expires = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        return expires != null
                && now.minus(SKEW).isBefore(expires.toInstant())
                && (notBefore == null || !now.plus(SKEW).isBefore(notBefore.toInstant()));
    }

    boolean expired(Instant now) {
        return !now.minus(SKEW).isBefore(expiresAt);
    }

    private static String first(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return candidate;
            }
        }
        return "";
    }
}
