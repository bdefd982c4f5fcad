package io.auspex.identity.boundary;

import io.auspex.identity.Grants;
import io.auspex.identity.PasswordRules;
import io.auspex.identity.SignInName;
import io.auspex.identity.User;
import io.auspex.identity.UserDetails;
import io.auspex.identity.control.Accounts;
import io.auspex.identity.control.Credentials;
import io.auspex.identity.control.Passwords;
import io.auspex.identity.control.Secrets;
import io.auspex.identity.control.UserStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.boundary.CurrentTenant;
import io.auspex.tenancy.boundary.Reach;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * The users of a tenant, for its administrators. Nobody gives a role that is above the own ones, nor changes a user who
 * holds such a role, nor locks himself out.
 */
@Stateless
@RolesAllowed(Role.TENANT_ADMIN_NAME)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Users {
    private static final int ONE_TIME_LENGTH = 20;

    @Inject
    UserStore users;

    @Inject
    Accounts accounts;

    @Inject
    Passwords passwords;

    @Inject
    Credentials credentials;

    @Inject
    Reach reach;

    @Inject
    CurrentTenant current;

    /** A user with a password that is good for one sign-in and is shown once. */
    public record OneTimePassword(User user, String password) {}

    public Page<User> list(int tenant, PageRequest page) {
        return Page.of(users.list(reach.tenant(tenant).id(), page), page.limit(), user -> Integer.toString(user.id()));
    }

    public User get(int tenant, int id) {
        return find(reach.tenant(tenant).id(), id);
    }

    /** @param password of the user's own choice; empty to have a one-time password made */
    public OneTimePassword create(int tenant, String login, UserDetails details, String password) {
        Tenant in = reach.tenant(tenant);
        if (!SignInName.isLogin(login)) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "login has 1 to 63 lower-case letters, digits, dots, hyphens and underscores");
        }
        checkGrants(details.roles());
        if (!password.isEmpty()) {
            PasswordRules.check(password.toCharArray(), login);
        }
        String oneTime = password.isEmpty() ? oneTimePassword() : "";
        String hash = passwords.hash((password.isEmpty() ? oneTime : password).toCharArray());
        return new OneTimePassword(users.create(in.id(), login, details, hash, password.isEmpty()), oneTime);
    }

    /** @throws AuspexException PRECONDITION_FAILED when {@code version} is not the user's (any more) */
    public User update(int tenant, int id, UserDetails details, int version) {
        TenantId in = reach.tenant(tenant).id();
        User before = find(in, id);
        checkGrants(before.roles());
        checkGrants(details.roles());
        if (isCaller(in, id) && (!details.enabled() || !details.roles().containsAll(before.roles()))) {
            throw new AuspexException(Code.CONFLICT, "you cannot take your own rights away");
        }
        User after = users.update(in, before, details, version)
                .orElseThrow(() ->
                        new AuspexException(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile"));
        credentials.forget(in, id);
        return after;
    }

    /** Ends the user's sessions and makes a one-time password, which unlocks the account too. */
    public OneTimePassword resetPassword(int tenant, int id) {
        TenantId in = reach.tenant(tenant).id();
        checkGrants(find(in, id).roles());
        String oneTime = oneTimePassword();
        accounts.setPassword(in, id, passwords.hash(oneTime.toCharArray()), true);
        credentials.forget(in, id);
        return new OneTimePassword(find(in, id), oneTime);
    }

    private User find(TenantId tenant, int id) {
        return users.find(tenant, id)
                .orElseThrow(() -> new AuspexException(Code.NOT_FOUND, "there is nothing here for you"));
    }

    private boolean isCaller(TenantId tenant, int id) {
        return tenant.equals(current.id()) && current.principal().subject().equals("user:" + id);
    }

    private void checkGrants(Collection<Role> wanted) {
        Set<Role> own = callersRoles(current);
        for (Role role : wanted) {
            if (!Grants.mayGrant(own, role)) {
                throw new AuspexException(
                        Code.FORBIDDEN, "your roles do not allow you to manage a user with role " + role.wireName());
            }
        }
    }

    static Set<Role> callersRoles(CurrentTenant caller) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values())
                .filter(role -> caller.isCallerInRole(role.wireName()))
                .forEach(roles::add);
        return roles;
    }

    private static String oneTimePassword() {
        return Secrets.random().substring(0, ONE_TIME_LENGTH);
    }
}
