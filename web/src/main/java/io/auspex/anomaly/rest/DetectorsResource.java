package io.auspex.anomaly.rest;

import io.auspex.anomaly.DetectorRule;
import io.auspex.anomaly.boundary.DetectorRules;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Paging;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The rules by which series are watched. Changes name the version they were made on, by {@code If-Match}. */
@RequestScoped
@Path("v1/performance/detectors")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class DetectorsResource {
    @Inject
    DetectorRules rules;

    /** @param method {@code ensemble} or {@code baseline} */
    public record DetectorBody(
            @Nullable String name,
            @Nullable String selector,
            @Nullable String method,
            @Nullable Double threshold,
            @Nullable Boolean enabled) {
        DetectorRule rule(long id, int version) {
            String wanted = method == null ? DetectorRule.Method.ENSEMBLE.wireName() : method;
            return new DetectorRule(
                    id,
                    Bodies.required(name, "name"),
                    Bodies.required(selector, "selector"),
                    DetectorRule.Method.find(wanted)
                            .orElseThrow(() -> new AuspexException(
                                    Code.BAD_REQUEST, "method must be ensemble or baseline, got " + wanted)),
                    threshold == null ? DetectorRule.DEFAULT_THRESHOLD : threshold,
                    enabled == null || enabled,
                    version);
        }
    }

    /** A rule as the API shows it. */
    public record DetectorView(
            long id, String name, String selector, String method, double threshold, boolean enabled, int version) {
        static DetectorView of(DetectorRule rule) {
            return new DetectorView(
                    rule.id(),
                    rule.name(),
                    rule.selector(),
                    rule.method().wireName(),
                    rule.threshold(),
                    rule.enabled(),
                    rule.version());
        }
    }

    @GET
    public Response list(@BeanParam Paging paging) {
        return paging.answer(rules.list(paging.request()).map(DetectorView::of));
    }

    @GET
    @Path("{id}")
    public Response get(@PathParam("id") long id) {
        return answer(Response.ok(), rules.get(id));
    }

    @POST
    public Response create(@Nullable DetectorBody body) {
        DetectorRule created = rules.create(Bodies.required(body, "a body").rule(0, 0));
        return answer(Response.created(URI.create("/api/v1/performance/detectors/" + created.id())), created);
    }

    @PUT
    @Path("{id}")
    public Response update(
            @PathParam("id") long id, @HeaderParam("If-Match") @Nullable String ifMatch, @Nullable DetectorBody body) {
        DetectorRule changed = Bodies.required(body, "a body").rule(id, version(ifMatch));
        return answer(Response.ok(), rules.update(changed));
    }

    @DELETE
    @Path("{id}")
    public Response delete(@PathParam("id") long id) {
        rules.delete(id);
        return Response.noContent().build();
    }

    private static int version(@Nullable String ifMatch) {
        if (ifMatch == null) {
            throw new AuspexException(Code.PRECONDITION_REQUIRED, "send If-Match with the ETag that you have read");
        }
        if (!ifMatch.matches("\"\\d{1,9}\"")) {
            throw new AuspexException(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile");
        }
        return Integer.parseInt(ifMatch.substring(1, ifMatch.length() - 1));
    }

    private static Response answer(Response.ResponseBuilder response, DetectorRule rule) {
        return response.tag(new EntityTag(Integer.toString(rule.version())))
                .entity(DetectorView.of(rule))
                .build();
    }
}
