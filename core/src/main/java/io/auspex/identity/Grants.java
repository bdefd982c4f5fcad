package io.auspex.identity;

import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** What a caller may do, as the container's role names, with everything that is implied spelled out. */
public final class Grants {
    private Grants() {}

    /** The container roles of a user with these roles: theirs and all that those imply. */
    public static Set<String> ofUser(Collection<Role> roles) {
        Set<String> names = new TreeSet<>();
        for (Role held : roles) {
            for (Role role : Role.values()) {
                if (held.implies(role)) {
                    names.add(role.wireName());
                }
            }
        }
        return names;
    }

    /**
     * The container roles of an API key: its scopes, as far as its creator still could do the same.
     *
     * <p>{@link Scope#ADMIN} brings the creator's roles inside the tenant with it, never those across tenants.
     */
    public static Set<String> ofKey(Collection<Scope> scopes, Collection<Role> creator) {
        Set<String> names = new TreeSet<>();
        for (Scope scope : scopes) {
            if (!permits(creator, scope)) {
                continue;
            }
            names.add(scope.roleName());
            if (scope == Scope.ADMIN) {
                names.addAll(ofUser(EnumSet.of(Role.TENANT_ADMIN)));
            }
        }
        return names;
    }

    /** The container roles of a token from another issuer: the roles it names, except those across tenants. */
    public static Set<String> ofForeign(Collection<String> groups) {
        Set<Role> named = roles(groups);
        named.remove(Role.PLATFORM_ADMIN);
        return ofUser(named);
    }

    /** Whether somebody with these roles may create a key with this scope, and keep it alive. */
    public static boolean permits(Collection<Role> roles, Scope scope) {
        Role needed = neededFor(scope);
        return roles.stream().anyMatch(role -> role.implies(needed));
    }

    /** Whether somebody with these roles may give a role to a user of the tenant. */
    public static boolean mayGrant(Collection<Role> roles, Role granted) {
        return switch (granted) {
            case VIEWER, ANALYST, OPERATOR, TENANT_ADMIN, AUDITOR ->
                roles.stream().anyMatch(role -> role.implies(Role.TENANT_ADMIN));
            case PLATFORM_ADMIN -> roles.contains(Role.PLATFORM_ADMIN);
        };
    }

    /** The roles behind container role names; names of scopes and unknown ones are passed over. */
    public static Set<Role> roles(Collection<String> names) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values())
                .filter(role -> names.contains(role.wireName()))
                .forEach(roles::add);
        return roles;
    }

    private static Role neededFor(Scope scope) {
        return switch (scope) {
            case QUERY -> Role.VIEWER;
            case INGEST, ALERTS -> Role.OPERATOR;
            case ADMIN -> Role.TENANT_ADMIN;
        };
    }
}
