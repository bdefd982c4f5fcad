package io.auspex.identity.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LoginPageTest {
    @Test
    void target_isTheWantedPath_whenItIsOurs() {
        assertThat(LoginPage.target("/explore.xhtml?q=up")).isEqualTo("/explore.xhtml?q=up");
    }

    @Test
    void target_isTheHomePage_whenTheWantedOneIsSomebodyElses() {
        assertThat(LoginPage.target("https://evil.example/")).isEqualTo("/");
        assertThat(LoginPage.target("//evil.example/")).isEqualTo("/");
        assertThat(LoginPage.target("/\\evil.example/")).isEqualTo("/");
        assertThat(LoginPage.target("/a\r\nSet-Cookie: x=y")).isEqualTo("/");
        assertThat(LoginPage.target("")).isEqualTo("/");
    }
}
