package io.auspex.identity.admin;

import io.auspex.identity.Grants;
import io.auspex.identity.User;
import io.auspex.identity.UserDetails;
import io.auspex.identity.boundary.Users;
import io.auspex.identity.boundary.Users.OneTimePassword;
import io.auspex.platform.AuspexException;
import io.auspex.platform.admin.Choice;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One user: creating, changing roles, resetting the password. */
@Named
@RequestScoped
public class UserPage {
    @Inject
    Users users;

    @Inject
    CurrentTenant current;

    @Inject
    TenantChoice choice;

    private int id;
    private int version;
    private String login = "";
    private String displayName = "";
    private String email = "";
    private boolean enabled = true;
    private List<String> roles = List.of(Role.VIEWER_NAME);
    private String oneTimePassword = "";

    /** Fills the form when the page is opened; what was typed wins when it is sent. */
    public void load() {
        if (!isCreating()) {
            show(users.get(choice.explained(), id));
        }
    }

    public void save() {
        attempt(() -> {
            UserDetails details = new UserDetails(displayName, email, enabled, chosenRoles());
            if (isCreating()) {
                created(users.create(choice.explained(), login, details, ""));
            } else {
                show(users.update(choice.explained(), id, details, version));
                Texts.done("common.saved");
            }
        });
    }

    public void resetPassword() {
        attempt(() -> {
            OneTimePassword made = users.resetPassword(choice.explained(), id);
            show(made.user());
            oneTimePassword = made.password();
        });
    }

    public boolean isCreating() {
        return id == 0;
    }

    public String getTitle() {
        return isCreating() ? Texts.text("users.new") : displayName;
    }

    /** The roles that the caller may give. */
    public List<Choice> getGrantable() {
        Set<Role> own = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values())
                .filter(role -> current.isCallerInRole(role.wireName()))
                .forEach(own::add);
        return Arrays.stream(Role.values())
                .filter(role -> Grants.mayGrant(own, role))
                .map(role -> new Choice(role.wireName(), Texts.text("role." + role.wireName())))
                .toList();
    }

    private void created(OneTimePassword made) {
        show(made.user());
        oneTimePassword = made.password();
        Texts.done("common.saved");
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (AuspexException e) {
            Texts.refused(e);
        }
    }

    private void show(User user) {
        id = user.id();
        version = user.version();
        login = user.login();
        displayName = user.displayName();
        email = user.email();
        enabled = user.enabled();
        roles = user.roles().stream().map(Role::wireName).toList();
    }

    private Set<Role> chosenRoles() {
        return roles.stream().map(Role::find).flatMap(Optional::stream).collect(Collectors.toSet());
    }

    public int getId() {
        return id;
    }

    public void setId(int id) {
        this.id = id;
    }

    public int getVersion() {
        return version;
    }

    public void setVersion(int version) {
        this.version = version;
    }

    public String getLogin() {
        return login;
    }

    public void setLogin(@Nullable String login) {
        this.login = login == null ? "" : login;
    }

    public String getDisplayName() {
        return displayName;
    }

    public void setDisplayName(@Nullable String displayName) {
        this.displayName = displayName == null ? "" : displayName;
    }

    public String getEmail() {
        return email;
    }

    public void setEmail(@Nullable String email) {
        this.email = email == null ? "" : email;
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public List<String> getRoles() {
        return roles;
    }

    public void setRoles(@Nullable List<String> roles) {
        this.roles = roles == null ? List.of() : List.copyOf(roles);
    }

    /** Shown once, empty otherwise. */
    public String getOneTimePassword() {
        return oneTimePassword;
    }
}
