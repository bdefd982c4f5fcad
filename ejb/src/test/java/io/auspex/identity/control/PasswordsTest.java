package io.auspex.identity.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PasswordsTest {
    private static final Passwords PASSWORDS = new Passwords();

    @BeforeAll
    static void prepare() {
        PASSWORDS.prepare();
    }

    @Test
    void hash_isArgon2idWithOwnSalt() {
        String first = PASSWORDS.hash("correct horse".toCharArray());

        assertThat(first).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(PASSWORDS.hash("correct horse".toCharArray())).isNotEqualTo(first);
        assertThat(PASSWORDS.outdated(first)).isFalse();
    }

    @Test
    void matches_onlyTheRightPassword() {
        String hash = PASSWORDS.hash("grüße, Welt".toCharArray());

        assertThat(PASSWORDS.matches("grüße, Welt".toCharArray(), hash)).isTrue();
        assertThat(PASSWORDS.matches("grüße, welt".toCharArray(), hash)).isFalse();
        assertThat(PASSWORDS.matches(new char[0], hash)).isFalse();
    }

    /** Made with the reference implementation: {@code argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32}, its own test vector. */
    @Test
    void matches_hashesOfTheReferenceImplementation() {
        String reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

        assertThat(PASSWORDS.matches("password".toCharArray(), reference)).isTrue();
        assertThat(PASSWORDS.matches("Password".toCharArray(), reference)).isFalse();
        assertThat(PASSWORDS.outdated(reference)).isTrue();
    }

    /** A published bcrypt test vector of OpenBSD's form. */
    @Test
    void matches_bcrypt_andCallsItOutdated() {
        String bcrypt = "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";

        assertThat(PASSWORDS.matches("a".toCharArray(), bcrypt)).isTrue();
        assertThat(PASSWORDS.matches("b".toCharArray(), bcrypt)).isFalse();
        assertThat(PASSWORDS.outdated(bcrypt)).isTrue();
    }

    @Test
    void matches_nothing_whenTheHashHasNoKnownForm() {
        assertThat(PASSWORDS.matches("x".toCharArray(), "")).isFalse();
        assertThat(PASSWORDS.matches("x".toCharArray(), "x")).isFalse();
        assertThat(PASSWORDS.matches("x".toCharArray(), "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHQ$AAAA"))
                .isFalse();
    }
}
