package io.auspex.identity.rest;

import io.auspex.identity.User;
import io.auspex.identity.UserDetails;
import io.auspex.identity.boundary.Users;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Paging;
import io.auspex.platform.rest.Versions;
import io.auspex.tenancy.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The users of a tenant. */
@RequestScoped
@RolesAllowed(Role.TENANT_ADMIN_NAME)
@Path("tenant-management/tenants/{tenant}/users")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class UsersResource {
    @Inject
    Users users;

    @PathParam("tenant")
    int tenant;

    /** @param password absent to have a one-time password made; only looked at when the user is created */
    public record UserBody(
            @Nullable String login,
            @Nullable String displayName,
            @Nullable String email,
            @Nullable Boolean enabled,
            @Nullable List<String> roles,
            @Nullable String password) {
        UserDetails details() {
            Set<Role> named = EnumSet.noneOf(Role.class);
            for (String name : Bodies.required(roles, "roles")) {
                named.add(Role.find(name)
                        .orElseThrow(() -> new AuspexException(Code.BAD_REQUEST, "there is no role " + name)));
            }
            return new UserDetails(
                    Bodies.required(displayName, "displayName"),
                    Bodies.optional(email),
                    enabled == null || enabled,
                    named);
        }
    }

    /** @param oneTimePassword in the answer to a creation or reset only */
    public record UserView(
            int id,
            String login,
            String displayName,
            String email,
            boolean enabled,
            boolean mustChangePassword,
            List<String> roles,
            String createdAt,
            @Nullable String lastLoginAt,
            int version,
            @Nullable String oneTimePassword) {
        static UserView of(User user, @Nullable String oneTimePassword) {
            return new UserView(
                    user.id(),
                    user.login(),
                    user.displayName(),
                    user.email(),
                    user.enabled(),
                    user.mustChangePassword(),
                    user.roles().stream().map(Role::wireName).sorted().toList(),
                    user.createdAt().toString(),
                    user.lastLoginAt().map(Instant::toString).orElse(null),
                    user.version(),
                    oneTimePassword);
        }
    }

    @GET
    public Response list(@BeanParam Paging paging) {
        return paging.answer(users.list(tenant, paging.request()).map(user -> UserView.of(user, null)));
    }

    @GET
    @Path("{id}")
    public Response get(@PathParam("id") int id) {
        return answer(users.get(tenant, id));
    }

    @POST
    public Response create(@Nullable UserBody body) {
        UserBody wanted = Bodies.required(body, "a body");
        Users.OneTimePassword created = users.create(
                tenant, Bodies.required(wanted.login(), "login"), wanted.details(), Bodies.optional(wanted.password()));
        URI location = URI.create("/api/tenant-management/tenants/" + tenant + "/users/"
                + created.user().id());
        return Response.created(location)
                .tag(Versions.tag(created.user().version()))
                .header("Cache-Control", "no-store")
                .entity(view(created))
                .build();
    }

    @PUT
    @Path("{id}")
    public Response update(
            @PathParam("id") int id, @HeaderParam("If-Match") @Nullable String ifMatch, @Nullable UserBody body) {
        int version = Versions.required(ifMatch);
        return answer(users.update(tenant, id, Bodies.required(body, "a body").details(), version));
    }

    @POST
    @Path("{id}/password-reset")
    @Consumes(MediaType.WILDCARD)
    public Response resetPassword(@PathParam("id") int id) {
        return Response.ok(view(users.resetPassword(tenant, id)))
                .header("Cache-Control", "no-store")
                .build();
    }

    private static UserView view(Users.OneTimePassword made) {
        return UserView.of(made.user(), made.password().isEmpty() ? null : made.password());
    }

    private static Response answer(User user) {
        return Response.ok(UserView.of(user, null))
                .tag(Versions.tag(user.version()))
                .build();
    }
}
