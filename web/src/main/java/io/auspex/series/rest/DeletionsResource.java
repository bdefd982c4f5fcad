package io.auspex.series.rest;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.DeletionRequest;
import io.auspex.series.boundary.SeriesDeletion;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletions of the tenant's series: who asked for what, how far it is, and the way back. */
@RequestScoped
@Path("v1/performance/deletions")
@Produces(MediaType.APPLICATION_JSON)
public class DeletionsResource {
    private static final int MOST = 1_000;
    private static final long NO_START = 0;

    @Inject
    SeriesDeletion deletion;

    /**
     * A deletion.
     *
     * @param selectors what was asked for; empty once it is erased
     * @param start null when it goes back to the first sample
     */
    public record DeletionView(
            long id,
            String state,
            List<String> selectors,
            String selectorsSha256,
            @Nullable Instant start,
            Instant end,
            int series,
            String requestedBy,
            Instant requestedAt,
            Instant undoUntil,
            @Nullable String endedBy,
            @Nullable Instant endedAt,
            int erasedSeries,
            long erasedSamples,
            @Nullable String certificate) {
        static DeletionView of(DeletionRequest request) {
            return new DeletionView(
                    request.id(),
                    request.state().wireName(),
                    selectors(request.selectors()),
                    request.selectorsHash(),
                    request.fromMillis() <= NO_START ? null : Instant.ofEpochMilli(request.fromMillis()),
                    Instant.ofEpochMilli(request.toMillis()),
                    request.series(),
                    request.requestedBy(),
                    request.requestedAt(),
                    request.undoUntil(),
                    request.endedBy().orElse(null),
                    request.endedAt().orElse(null),
                    request.erasedSeries(),
                    request.erasedSamples(),
                    request.certificate().orElse(null));
        }

        private static List<String> selectors(String json) {
            if (json.isEmpty()) {
                return List.of();
            }
            try (JsonReader reader = Json.createReader(new StringReader(json))) {
                return reader.readArray().getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList();
            }
        }
    }

    /** The latest first. */
    @GET
    public List<DeletionView> list(@QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw new AuspexException(Code.BAD_REQUEST, "limit must be between 1 and " + MOST);
        }
        return deletion.list(limit).stream().map(DeletionView::of).toList();
    }

    @GET
    @Path("{id}")
    public DeletionView get(@PathParam("id") long id) {
        return DeletionView.of(deletion.get(id));
    }

    @POST
    @Path("{id}/undo")
    public DeletionView undo(@PathParam("id") long id) {
        return DeletionView.of(deletion.undo(id));
    }
}
