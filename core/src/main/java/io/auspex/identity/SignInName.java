package io.auspex.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person types to sign in: {@code login@tenant}, or {@code login} alone for the tenant {@value #DEFAULT_TENANT}.
 *
 * @param login unique inside its tenant
 * @param tenant the tenant's slug
 */
public record SignInName(String login, String tenant) {
    public static final String DEFAULT_TENANT = "default";

    private static final Pattern LOGIN = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern FORM = Pattern.compile("(" + LOGIN.pattern() + ")(?:@([a-z][a-z0-9-]{1,62}))?");

    /** Empty when nobody can have such a name. */
    public static Optional<SignInName> parse(String typed) {
        Matcher matcher = FORM.matcher(typed.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String tenant = matcher.group(2);
        return Optional.of(new SignInName(matcher.group(1), tenant == null ? DEFAULT_TENANT : tenant));
    }

    /** Whether a new user may be called so. */
    public static boolean isLogin(String login) {
        return LOGIN.matcher(login).matches();
    }

    @Override
    public String toString() {
        return tenant.equals(DEFAULT_TENANT) ? login : login + "@" + tenant;
    }
}
