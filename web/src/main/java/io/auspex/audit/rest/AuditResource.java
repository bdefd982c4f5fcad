package io.auspex.audit.rest;

import io.auspex.audit.AuditChain;
import io.auspex.audit.AuditEntry;
import io.auspex.audit.boundary.AuditTrail;
import io.auspex.platform.rest.Paging;
import io.auspex.tenancy.Role;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/** What was done in the caller's tenant. */
@RequestScoped
@RolesAllowed(Role.AUDITOR_NAME)
@Path("v1/audit")
@Produces(MediaType.APPLICATION_JSON)
public class AuditResource {
    @Inject
    AuditTrail trail;

    public record EntryView(
            long sequence,
            String at,
            String actor,
            String action,
            String objectType,
            String objectId,
            JsonObject change,
            String correlation,
            String reason) {
        static EntryView of(AuditEntry entry) {
            return new EntryView(
                    entry.sequence(),
                    entry.at().toString(),
                    entry.actor(),
                    entry.action(),
                    entry.objectType(),
                    entry.objectId(),
                    json(entry.change()),
                    entry.correlation(),
                    entry.reason());
        }

        private static JsonObject json(String text) {
            try (JsonReader reader = Json.createReader(new StringReader(text))) {
                return reader.readObject();
            }
        }
    }

    /** @param fault the first one; absent when the trail is whole */
    public record Verification(
            boolean valid, long entries, @Nullable String fault) {}

    /** Newest first. */
    @GET
    public Response list(@BeanParam Paging paging) {
        return paging.answer(trail.list(paging.request()).map(EntryView::of));
    }

    @GET
    @Path("verify")
    public Verification verify() {
        AuditChain chain = trail.verify();
        return new Verification(
                chain.fault().isEmpty(), chain.verified(), chain.fault().orElse(null));
    }
}
