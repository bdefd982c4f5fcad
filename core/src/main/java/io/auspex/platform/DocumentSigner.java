package io.auspex.platform;

import java.util.Map;

/** Signs statements of this installation, so that anybody can check later that it made them. */
public interface DocumentSigner {
    /**
     * A statement as a compact JWS, to be checked with the keys of {@code /.well-known/jwks.json}; no credential.
     *
     * @param type what kind of statement it is, without {@code +jwt}
     * @param claims what is stated: texts and numbers
     */
    String sign(String type, Map<String, Object> claims);
}
