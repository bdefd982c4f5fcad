package io.auspex.identity.admin;

import io.auspex.identity.Grants;
import io.auspex.identity.boundary.ApiKeys;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.Choice;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The API keys of the caller's tenant: making, listing and revoking them. */
@Named
@RequestScoped
public class ApiKeysPage {
    private static final int USUAL_DAYS = 365;

    @Inject
    ApiKeys keys;

    @Inject
    CurrentTenant current;

    @Inject
    Clock clock;

    private String cursor = "";
    private String name = "";
    private int expiryDays = USUAL_DAYS;
    private List<String> scopes = List.of(Scope.INGEST.wireName());
    private String secret = "";
    private @Nullable Page<ApiKeyRow> page;

    public void create() {
        try {
            Set<Scope> wanted =
                    scopes.stream().map(Scope::find).flatMap(Optional::stream).collect(Collectors.toSet());
            secret = keys.create(name, wanted, expiry()).secret();
            name = "";
            page = null;
        } catch (AuspexException e) {
            Texts.refused(e);
        }
    }

    public void revoke(int id) {
        try {
            keys.revoke(id);
            page = null;
            Texts.done("keys.done.revoked");
        } catch (AuspexException e) {
            Texts.refused(e);
        }
    }

    public List<ApiKeyRow> getKeys() {
        return page().items();
    }

    /** Cursor of the following page, empty on the last one. */
    public String getNext() {
        return page().next();
    }

    /** The scopes that the caller's roles allow. */
    public List<Choice> getGrantable() {
        Set<Role> own = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values())
                .filter(role -> current.isCallerInRole(role.wireName()))
                .forEach(own::add);
        return Arrays.stream(Scope.values())
                .filter(scope -> Grants.permits(own, scope))
                .map(scope -> new Choice(scope.wireName(), Texts.text("keys.scope." + scope.wireName())))
                .toList();
    }

    /** The new key, shown once; empty otherwise. */
    public String getSecret() {
        return secret;
    }

    private Optional<Instant> expiry() {
        return expiryDays == 0 ? Optional.empty() : Optional.of(clock.instant().plus(Duration.ofDays(expiryDays)));
    }

    private Page<ApiKeyRow> page() {
        Page<ApiKeyRow> read = page;
        if (read == null) {
            read = keys.list(new PageRequest(cursor, Page.DEFAULT_LIMIT)).map(ApiKeyRow::new);
            page = read;
        }
        return read;
    }

    public String getCursor() {
        return cursor;
    }

    public void setCursor(@Nullable String cursor) {
        this.cursor = cursor == null ? "" : cursor;
    }

    public String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name == null ? "" : name;
    }

    public int getExpiryDays() {
        return expiryDays;
    }

    public void setExpiryDays(int expiryDays) {
        this.expiryDays = expiryDays;
    }

    public List<String> getScopes() {
        return scopes;
    }

    public void setScopes(@Nullable List<String> scopes) {
        this.scopes = scopes == null ? List.of() : List.copyOf(scopes);
    }
}
