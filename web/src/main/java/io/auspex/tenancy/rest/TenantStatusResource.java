package io.auspex.tenancy.rest;

import io.auspex.tenancy.Role;
import io.auspex.tenancy.Tenant;
import io.auspex.tenancy.boundary.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Suspending a tenant, whose credentials are then refused, and admitting it again. */
@RequestScoped
@RolesAllowed(Role.PLATFORM_ADMIN_NAME)
@Path("v1/tenants/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class TenantStatusResource {
    @Inject
    Tenants tenants;

    @PathParam("id")
    int id;

    @POST
    @Path("suspend")
    public Response suspend() {
        return TenantsResource.answer(tenants.setStatus(id, Tenant.Status.SUSPENDED));
    }

    @POST
    @Path("resume")
    public Response resume() {
        return TenantsResource.answer(tenants.setStatus(id, Tenant.Status.ACTIVE));
    }
}
