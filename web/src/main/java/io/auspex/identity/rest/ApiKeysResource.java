package io.auspex.identity.rest;

import io.auspex.identity.ApiKey;
import io.auspex.identity.boundary.ApiKeys;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Paging;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys of machines. */
@RequestScoped
@RolesAllowed(Role.TENANT_ADMIN_NAME)
@Path("v1/api-keys")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ApiKeysResource {
    @Inject
    ApiKeys keys;

    /** @param expiresAt RFC 3339; absent for a key that does not expire */
    public record NewKey(
            @Nullable String name,
            @Nullable List<String> scopes,
            @Nullable String expiresAt) {}

    /** @param key the secret, in the answer to its creation only */
    public record KeyView(
            int id,
            String name,
            String prefix,
            List<String> scopes,
            String createdBy,
            String createdAt,
            @Nullable String expiresAt,
            @Nullable String lastUsedAt,
            @Nullable String revokedAt,
            @Nullable String key) {
        static KeyView of(ApiKey key, @Nullable String secret) {
            return new KeyView(
                    key.id(),
                    key.name(),
                    key.prefix(),
                    key.scopes().stream().map(Scope::wireName).sorted().toList(),
                    key.createdBy(),
                    key.createdAt().toString(),
                    key.expiresAt().map(Instant::toString).orElse(null),
                    key.lastUsedAt().map(Instant::toString).orElse(null),
                    key.revokedAt().map(Instant::toString).orElse(null),
                    secret);
        }
    }

    @GET
    public Response list(@BeanParam Paging paging) {
        return paging.answer(keys.list(paging.request()).map(key -> KeyView.of(key, null)));
    }

    @POST
    public Response create(@Nullable NewKey body) {
        NewKey wanted = Bodies.required(body, "a body");
        ApiKeys.Created created = keys.create(
                Bodies.required(wanted.name(), "name"),
                scopes(Bodies.required(wanted.scopes(), "scopes")),
                Optional.ofNullable(wanted.expiresAt()).map(ApiKeysResource::instant));
        return Response.created(URI.create("/api/v1/api-keys/" + created.key().id()))
                .header("Cache-Control", "no-store")
                .entity(KeyView.of(created.key(), created.secret()))
                .build();
    }

    @DELETE
    @Path("{id}")
    public Response revoke(@PathParam("id") int id) {
        keys.revoke(id);
        return Response.noContent().build();
    }

    private static Set<Scope> scopes(List<String> names) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : names) {
            scopes.add(Scope.find(name)
                    .orElseThrow(() -> new AuspexException(Code.BAD_REQUEST, "there is no scope " + name)));
        }
        return scopes;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new AuspexException(Code.BAD_REQUEST, "expiresAt must be RFC 3339, got " + text, e);
        }
    }
}
