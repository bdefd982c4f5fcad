package io.auspex.identity.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SameOriginTest {
    private static final String HOST = "auspex.example:8080";

    @Test
    void proven_byTheBrowsersOwnWord_first() {
        assertThat(SameOrigin.proven("same-origin", "https://proxy.example", null, HOST))
                .isTrue();
        assertThat(SameOrigin.proven("same-site", "http://" + HOST, null, HOST)).isFalse();
        assertThat(SameOrigin.proven("cross-site", "http://" + HOST, null, HOST))
                .isFalse();
        assertThat(SameOrigin.proven("none", null, null, HOST)).isFalse();
    }

    @Test
    void proven_byOrigin_whenTheBrowserIsOld() {
        assertThat(SameOrigin.proven(null, "http://auspex.example:8080", null, HOST))
                .isTrue();
        assertThat(SameOrigin.proven(null, "http://evil.example", "http://auspex.example:8080/", HOST))
                .isFalse();
        assertThat(SameOrigin.proven(null, "http://auspex.example", null, HOST)).isFalse();
        assertThat(SameOrigin.proven(null, "null", null, HOST)).isFalse();
        assertThat(SameOrigin.proven(null, "http://[", null, HOST)).isFalse();
    }

    @Test
    void proven_byReferer_last() {
        assertThat(SameOrigin.proven(null, null, "http://auspex.example:8080/overview", HOST))
                .isTrue();
        assertThat(SameOrigin.proven(null, null, "http://evil.example/?auspex.example:8080", HOST))
                .isFalse();
    }

    @Test
    void proven_never_whenNothingSaysWhereItCameFrom() {
        assertThat(SameOrigin.proven(null, null, null, HOST)).isFalse();
        assertThat(SameOrigin.proven(null, "http://x", null, null)).isFalse();
    }
}
