package io.auspex.identity.boundary;

/** A short-lived access token and the refresh token that gets the next pair, once. */
public record TokenPair(String accessToken, String refreshToken, long expiresInSeconds) {}
