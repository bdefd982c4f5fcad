package io.auspex.ingest.rest;

import io.auspex.ingest.boundary.Rejects;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Refused samples, explained. */
@RequestScoped
@Path("v1/ingest/rejects")
@Produces(MediaType.APPLICATION_JSON)
public class RejectsResource {
    @Inject
    Rejects rejects;

    /** Refused samples of one protocol and reason, with the latest example. */
    public record RejectView(
            String protocol,
            String reason,
            String text,
            String fix,
            long samples,
            String first,
            String last,
            String series,
            String detail) {
        static RejectView of(Rejects.Rejected rejected) {
            return new RejectView(
                    rejected.protocol(),
                    rejected.reason(),
                    rejected.text(),
                    rejected.fix(),
                    rejected.samples(),
                    rejected.first().toString(),
                    rejected.last().toString(),
                    rejected.series(),
                    rejected.detail());
        }
    }

    /** All of them in one page: there are at most as many as protocols times reasons. */
    public record RejectsView(List<RejectView> items) {}

    @GET
    public RejectsView list() {
        return new RejectsView(rejects.list().stream().map(RejectView::of).toList());
    }
}
