package io.auspex.identity.admin;

import io.auspex.identity.User;
import io.auspex.platform.admin.Texts;
import java.time.Instant;
import java.util.stream.Collectors;

/** A user as the list of users shows it. */
public final class UserRow {
    private final User user;

    UserRow(User user) {
        this.user = user;
    }

    public int getId() {
        return user.id();
    }

    public String getLogin() {
        return user.login();
    }

    public String getDisplayName() {
        return user.displayName();
    }

    /** The assigned roles as people read them. */
    public String getRoles() {
        return user.roles().stream()
                .sorted()
                .map(role -> Texts.text("role." + role.wireName()))
                .collect(Collectors.joining(", "));
    }

    public boolean isEnabled() {
        return user.enabled();
    }

    /** RFC 3339, empty when the user never signed in. */
    public String getLastLoginAt() {
        return user.lastLoginAt().map(Instant::toString).orElse("");
    }
}
