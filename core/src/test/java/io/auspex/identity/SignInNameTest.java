package io.auspex.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SignInNameTest {
    @Test
    void parse_takesTheDefaultTenant_whenNoneIsNamed() {
        assertThat(SignInName.parse(" Anna ")).contains(new SignInName("anna", "default"));
    }

    @Test
    void parse_takesTheNamedTenant() {
        assertThat(SignInName.parse("anna.b@acme-eu")).contains(new SignInName("anna.b", "acme-eu"));
    }

    @Test
    void parse_isEmpty_whenNobodyCanBeCalledSo() {
        assertThat(SignInName.parse("")).isEmpty();
        assertThat(SignInName.parse("a@b@c")).isEmpty();
        assertThat(SignInName.parse("anna@")).isEmpty();
        assertThat(SignInName.parse("anna@acme.com")).isEmpty();
        assertThat(SignInName.parse("' or 1=1 --")).isEmpty();
        assertThat(SignInName.parse("x".repeat(64))).isEmpty();
    }

    @Test
    void toString_isParsedBack() {
        SignInName name = new SignInName("anna", "acme");

        assertThat(SignInName.parse(name.toString())).contains(name);
    }
}
