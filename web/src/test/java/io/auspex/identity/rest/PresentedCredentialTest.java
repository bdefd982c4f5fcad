package io.auspex.identity.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class PresentedCredentialTest {
    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void parse_readsTheSchemes_thatClientsSend() {
        assertThat(PresentedCredential.parse("Bearer abc")).contains(new PresentedCredential("abc", true));
        assertThat(PresentedCredential.parse("bearer  abc ")).contains(new PresentedCredential("abc", true));
        assertThat(PresentedCredential.parse("Token abc")).contains(new PresentedCredential("abc", false));
        assertThat(PresentedCredential.parse(basic("anybody:a:b"))).contains(new PresentedCredential("a:b", false));
    }

    @Test
    void parse_isEmpty_whenThereIsNothingToCheck() {
        assertThat(PresentedCredential.parse(null)).isEmpty();
        assertThat(PresentedCredential.parse("Bearer")).isEmpty();
        assertThat(PresentedCredential.parse("Bearer ")).isEmpty();
        assertThat(PresentedCredential.parse("Basic !!!")).isEmpty();
        assertThat(PresentedCredential.parse(basic("nocolon"))).isEmpty();
        assertThat(PresentedCredential.parse(basic("user:"))).isEmpty();
        assertThat(PresentedCredential.parse("Digest abc")).isEmpty();
        assertThat(PresentedCredential.parse("Bearer " + "x".repeat(20_000))).isEmpty();
    }

    @Test
    void toString_hidesTheSecret() {
        assertThat(new PresentedCredential("s3cret", true)).asString().doesNotContain("s3cret");
    }
}
