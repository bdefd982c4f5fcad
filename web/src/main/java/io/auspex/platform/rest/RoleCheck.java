package io.auspex.platform.rest;

import jakarta.annotation.Priority;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a caller whose roles a resource's {@code @RolesAllowed} does not name, before the request is looked at.
 * Jakarta REST leaves that annotation to the container: Payara Micro obeys it here, Payara Server does not.
 */
@Provider
public class RoleCheck implements DynamicFeature {
    @Override
    public void configure(ResourceInfo resource, FeatureContext features) {
        RolesAllowed allowed = ruling(resource);
        if (allowed != null) {
            features.register(new Check(allowed.value()));
        }
    }

    private static @Nullable RolesAllowed ruling(ResourceInfo resource) {
        RolesAllowed onMethod = resource.getResourceMethod().getAnnotation(RolesAllowed.class);
        if (onMethod != null || resource.getResourceMethod().isAnnotationPresent(PermitAll.class)) {
            return onMethod;
        }
        return resource.getResourceClass().getAnnotation(RolesAllowed.class);
    }

    @Priority(Priorities.AUTHORIZATION)
    private static final class Check implements ContainerRequestFilter {
        private final String[] roles;

        Check(String[] roles) {
            this.roles = roles;
        }

        @Override
        public void filter(ContainerRequestContext request) {
            SecurityContext caller = request.getSecurityContext();
            if (Stream.of(roles).noneMatch(caller::isUserInRole)) {
                throw new ForbiddenException();
            }
        }
    }
}
