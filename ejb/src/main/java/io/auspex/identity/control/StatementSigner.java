package io.auspex.identity.control;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.auspex.platform.DocumentSigner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;

/** Statements signed with the key of this node's tokens; without issuer and audience, so that none passes as a token. */
@ApplicationScoped
public class StatementSigner implements DocumentSigner {
    @Inject
    TokenKeys keys;

    @Override
    public String sign(String type, Map<String, Object> claims) {
        JWTClaimsSet.Builder stated = new JWTClaimsSet.Builder();
        claims.forEach(stated::claim);
        ECKey key = keys.signer();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(type + "+jwt"))
                .keyID(key.getKeyID())
                .build();
        SignedJWT statement = new SignedJWT(header, stated.build());
        try {
            statement.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the token key does not sign", e);
        }
        return statement.serialize();
    }
}
