package io.auspex.identity;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import java.util.Locale;

/** What a password must be: long, and not the login; no rules about kinds of characters (NIST SP 800-63B). */
public final class PasswordRules {
    public static final int MIN_LENGTH = 12;
    public static final int MAX_LENGTH = 200;

    private PasswordRules() {}

    /** @throws AuspexException BAD_REQUEST naming the rule */
    public static void check(char[] password, String login) {
        if (password.length < MIN_LENGTH || password.length > MAX_LENGTH) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "a password has " + MIN_LENGTH + " to " + MAX_LENGTH + " characters");
        }
        String lower = String.valueOf(password).toLowerCase(Locale.ROOT);
        if (lower.contains(login) && lower.length() < login.length() + MIN_LENGTH / 2) {
            throw new AuspexException(Code.BAD_REQUEST, "a password is not made of the login");
        }
        if (lower.chars().distinct().count() < MIN_LENGTH / 3) {
            throw new AuspexException(Code.BAD_REQUEST, "a password does not repeat one or two characters");
        }
    }
}
