package io.auspex.insight.rest;

import io.auspex.insight.Insight;
import io.auspex.insight.boundary.Insights;
import io.auspex.platform.rest.Bodies;
import io.auspex.platform.rest.Paging;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stream of findings. */
@RequestScoped
@Path("v1/insights")
@Produces(MediaType.APPLICATION_JSON)
public class InsightsResource {
    @Inject
    Insights insights;

    /** A finding as the API shows it. */
    public record InsightView(
            long id,
            String kind,
            String severity,
            String entity,
            String title,
            String summary,
            List<LinkView> evidence,
            String openedAt,
            String updatedAt,
            @Nullable String closedAt) {
        static InsightView of(Insight insight) {
            return new InsightView(
                    insight.id(),
                    insight.kind(),
                    insight.severity(),
                    insight.entity(),
                    insight.title(),
                    insight.summary(),
                    insight.evidence().stream()
                            .map(link -> new LinkView(link.rel(), link.href()))
                            .toList(),
                    insight.openedAt().toString(),
                    insight.updatedAt().toString(),
                    insight.closedAt().map(Instant::toString).orElse(null));
        }
    }

    /** A place to look. */
    public record LinkView(String rel, String href) {}

    @GET
    public Response list(
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("severity") @Nullable String severity,
            @QueryParam("open") boolean open,
            @BeanParam Paging paging) {
        return paging.answer(insights.list(Bodies.optional(kind), Bodies.optional(severity), open, paging.request())
                .map(InsightView::of));
    }

    @GET
    @Path("{id}")
    public InsightView get(@PathParam("id") long id) {
        return InsightView.of(insights.get(id));
    }
}
