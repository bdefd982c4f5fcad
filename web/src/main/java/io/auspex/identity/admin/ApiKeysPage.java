package io.auspex.identity.admin;

import io.auspex.identity.Grants;
import io.auspex.identity.boundary.ApiKeys;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.Choice;
import io.auspex.platform.admin.ListPage;
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
public class ApiKeysPage extends ListPage<ApiKeyRow> {
    private static final int USUAL_DAYS = 365;

    @Inject
    ApiKeys keys;

    @Inject
    CurrentTenant current;

    @Inject
    Clock clock;

    private String name = "";
    private int expiryDays = USUAL_DAYS;
    private List<String> scopes = List.of(Scope.INGEST.wireName());
    private String secret = "";

    @Override
    protected Page<ApiKeyRow> read(PageRequest part) {
        return keys.list(part).map(ApiKeyRow::new);
    }

    public void create() {
        change(() -> {
            Set<Scope> wanted =
                    scopes.stream().map(Scope::find).flatMap(Optional::stream).collect(Collectors.toSet());
            secret = keys.create(name, wanted, expiry()).secret();
            name = "";
        });
    }

    public void revoke(int id) {
        change(() -> {
            keys.revoke(id);
            Texts.done("keys.done.revoked");
        });
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
