package io.auspex.identity.control;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.auspex.tenancy.control.TenantJdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign and verify our own tokens: P-256, one private key per node, public keys of all nodes in the
 * database (ADR 011).
 */
@ApplicationScoped
public class TokenKeys {
    private static final long LOOK_EVERY_NANOS = 1_000_000_000L;
    private static final String FILE = "token-signing-key.jwk";

    @Inject
    TenantJdbc jdbc;

    @Inject
    SecretFiles files;

    @Inject
    Clock clock;

    /** A private P-256 JWK as JSON, for nodes without a disk of their own. */
    @Inject
    @ConfigProperty(name = "auspex.token.key")
    Optional<String> configured;

    private final Map<String, ECKey> known = new ConcurrentHashMap<>();
    private final AtomicLong lookedAt = new AtomicLong();
    private @Nullable ECKey signer;

    /** The key of this node; made and published at first use. */
    public synchronized ECKey signer() {
        if (signer == null) {
            ECKey key = parse(configured.orElseGet(() -> files.readOrCreate(FILE, TokenKeys::generate)));
            publish(key.toPublicJWK());
            known.put(key.getKeyID(), key.toPublicJWK());
            signer = key;
        }
        return signer;
    }

    /** The public key of any node that has signed. */
    public Optional<ECKey> find(String kid) {
        ECKey key = known.get(kid);
        if (key == null && mayLook()) {
            published().forEach(jwk -> known.put(jwk.getKeyID(), jwk.toECKey()));
            key = known.get(kid);
        }
        return Optional.ofNullable(key);
    }

    /** A token with an invented key id must not cost a query each. */
    private boolean mayLook() {
        long now = System.nanoTime();
        long last = lookedAt.get();
        return (last == 0 || now - last > LOOK_EVERY_NANOS) && lookedAt.compareAndSet(last, now);
    }

    /** What {@code /.well-known/jwks.json} shows. */
    public String publicJwks() {
        signer();
        return new JWKSet(published()).toString(true);
    }

    private List<JWK> published() {
        return jdbc.callUnbound(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "select public_jwk from auspex.token_key where retired_at is null order by created_at desc");
                    ResultSet rows = select.executeQuery()) {
                List<JWK> keys = new ArrayList<>();
                while (rows.next()) {
                    keys.add(parse(rows.getString(1)));
                }
                return keys;
            }
        });
    }

    private void publish(ECKey publicKey) {
        jdbc.callUnbound(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into auspex.token_key (kid, public_jwk, created_at) values (?, ?, ?) on conflict do nothing")) {
                insert.setString(1, publicKey.getKeyID());
                insert.setString(2, publicKey.toJSONString());
                insert.setObject(3, Rows.timestamp(clock.instant()));
                return insert.executeUpdate();
            }
        });
    }

    private static String generate() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate()
                    .toJSONString();
        } catch (JOSEException e) {
            throw new IllegalStateException("no token key could be made", e);
        }
    }

    private static ECKey parse(String json) {
        try {
            ECKey key = ECKey.parse(json);
            if (!Curve.P_256.equals(key.getCurve())) {
                throw new IllegalStateException("a token key must be P-256, got " + key.getCurve());
            }
            return key.getKeyID() == null
                    ? new ECKey.Builder(key).keyIDFromThumbprint().build()
                    : key;
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("a token key is not a JWK", e);
        }
    }
}
