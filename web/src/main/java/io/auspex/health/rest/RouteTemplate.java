package io.auspex.health.rest;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Remembers which resource template a request matched, for those who count by route. */
@Provider
public class RouteTemplate implements ContainerRequestFilter {
    private static final String ATTRIBUTE = "io.auspex.route";

    @Context
    ResourceInfo resource;

    @Context
    HttpServletRequest servletRequest;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String onClass = pathOf(resource.getResourceClass().getAnnotation(Path.class));
        String onMethod = pathOf(resource.getResourceMethod().getAnnotation(Path.class));
        servletRequest.setAttribute(ATTRIBUTE, "/api" + onClass + onMethod);
    }

    /** The route of a request: a resource's template, else the pattern of the servlet that answered. */
    static String of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String template) {
            return template;
        }
        HttpServletMapping mapping = request.getHttpServletMapping();
        return mapping == null || mapping.getPattern().isEmpty() ? "/" : mapping.getPattern();
    }

    private static String pathOf(@Nullable Path path) {
        String value = path == null ? "" : path.value();
        return value.isEmpty() || value.startsWith("/") ? value : "/" + value;
    }
}
