package io.auspex.tenancy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an API key may do; never more than its creator. */
public enum Scope {
    INGEST,
    QUERY,
    ALERTS,
    ADMIN;

    /** Container role names of the scopes, for {@code @RolesAllowed}. */
    public static final String INGEST_NAME = "key:ingest";

    public static final String QUERY_NAME = "key:query";
    public static final String ALERTS_NAME = "key:alerts";
    public static final String ADMIN_NAME = "key:admin";

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The container role that a caller with this scope holds. */
    public String roleName() {
        return "key:" + wireName();
    }

    public static Optional<Scope> find(String wireName) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName().equals(wireName))
                .findFirst();
    }
}
