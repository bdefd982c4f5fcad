package io.auspex.identity;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.Role;
import java.util.Set;

/** What an administrator may say about a user. */
public record UserDetails(String displayName, String email, boolean enabled, Set<Role> roles) {
    private static final int MAX_NAME = 200;
    private static final int MAX_EMAIL = 320;

    public UserDetails {
        roles = Set.copyOf(roles);
        if (displayName.isBlank() || displayName.length() > MAX_NAME) {
            throw new AuspexException(Code.BAD_REQUEST, "displayName has 1 to " + MAX_NAME + " characters");
        }
        if (email.length() > MAX_EMAIL || (!email.isEmpty() && email.indexOf('@') < 1)) {
            throw new AuspexException(Code.BAD_REQUEST, "email must be an address, got " + email);
        }
        if (roles.isEmpty()) {
            throw new AuspexException(Code.BAD_REQUEST, "a user has at least one role");
        }
    }
}
