package io.auspex.tenancy.rest;

import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Paging;
import io.auspex.platform.rest.Versions;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.boundary.Tenants;
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
import org.jspecify.annotations.Nullable;

/** Tenants: all of them for platform administrators, the own one for its administrators. */
@RequestScoped
@RolesAllowed(Role.TENANT_ADMIN_NAME)
@Path("tenant-management/tenants")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class TenantsResource {
    @Inject
    Tenants tenants;

    /** @param slug only looked at when the tenant is created */
    public record TenantBody(
            @Nullable String slug, @Nullable String name) {}

    @GET
    @RolesAllowed(Role.PLATFORM_ADMIN_NAME)
    public Response list(@BeanParam Paging paging) {
        return paging.answer(tenants.list(paging.request()).map(TenantView::of));
    }

    @POST
    @RolesAllowed(Role.PLATFORM_ADMIN_NAME)
    public Response create(@Nullable TenantBody body) {
        TenantBody wanted = Bodies.required(body, "a body");
        Tenant created = tenants.create(Bodies.required(wanted.slug(), "slug"), Bodies.required(wanted.name(), "name"));
        return Response.created(URI.create("/api/tenant-management/tenants/" + created.id()))
                .tag(Versions.tag(created.version()))
                .entity(TenantView.of(created))
                .build();
    }

    @GET
    @Path("{id}")
    public Response get(@PathParam("id") int id) {
        return answer(tenants.get(id));
    }

    @PUT
    @Path("{id}")
    public Response rename(
            @PathParam("id") int id, @HeaderParam("If-Match") @Nullable String ifMatch, @Nullable TenantBody body) {
        int version = Versions.required(ifMatch);
        String name = Bodies.required(Bodies.required(body, "a body").name(), "name");
        return answer(tenants.rename(id, name, version));
    }

    static Response answer(Tenant tenant) {
        return Response.ok(TenantView.of(tenant))
                .tag(Versions.tag(tenant.version()))
                .build();
    }
}
