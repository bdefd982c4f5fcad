package io.auspex.identity.rest;

import io.auspex.platform.rest.QueryString;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code Authorization} header holds.
 *
 * @param secret a JSON Web Token or API key after {@code Bearer}; an API key as {@code Basic} password (under any
 *     name) or after Influx's {@code Token}
 * @param bearer whether it may be a JSON Web Token
 */
record PresentedCredential(String secret, boolean bearer) {
    private static final int MAX_LENGTH = 16_384;

    static Optional<PresentedCredential> parse(@Nullable String header) {
        if (header == null || header.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int space = header.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        String value = header.substring(space + 1).strip();
        return switch (header.substring(0, space).toLowerCase(Locale.ROOT)) {
            case "bearer" -> secret(value, true);
            case "token" -> secret(value, false);
            case "basic" -> password(value);
            default -> Optional.empty();
        };
    }

    /** The key that a client of InfluxDB 1 sends as parameter {@code p}, beside any user name in {@code u}. */
    static Optional<PresentedCredential> ofInflux(QueryString query) {
        String password = query.get("p");
        return password == null || password.length() > MAX_LENGTH ? Optional.empty() : secret(password, false);
    }

    private static Optional<PresentedCredential> password(String value) {
        try {
            String pair = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : secret(pair.substring(colon + 1), false);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<PresentedCredential> secret(String secret, boolean bearer) {
        return secret.isEmpty() ? Optional.empty() : Optional.of(new PresentedCredential(secret, bearer));
    }

    /** Without the secret, which would else stand in whatever prints this. */
    @Override
    public String toString() {
        return bearer ? "bearer credential" : "key";
    }
}
