package io.auspex.identity.boundary;

import java.io.Serializable;

/**
 * What the HTTP session of a signed-in person remembers; everything else is looked up at each request.
 *
 * @param credentialVersion at sign-in; another one means that password or roles have changed since
 */
public record PortalSession(int tenant, int userId, int credentialVersion) implements Serializable {}
