package io.auspex.platform.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/**
 * The one JAX-RS application: everything below {@code /api}. Resources say the rest of their path, for instance
 * {@code @Path("v1/api-keys")} or {@code @Path("tenant-management/tenants")}, and are found by their annotation.
 */
@ApplicationScoped
@ApplicationPath("/api")
public class ApiApplication extends Application {}
