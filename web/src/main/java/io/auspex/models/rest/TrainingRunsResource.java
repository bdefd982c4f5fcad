package io.auspex.models.rest;

import io.auspex.cluster.JobRun;
import io.auspex.models.job.ModelTraining;
import io.auspex.platform.rest.Paging;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Training of the caller's tenant's models. */
@RequestScoped
@Path("v1/ml/training-runs")
@Produces(MediaType.APPLICATION_JSON)
public class TrainingRunsResource {
    @Inject
    ModelTraining training;

    @Inject
    CurrentTenant current;

    /** @param models how many models the run has made so far */
    public record TrainingRunView(
            long id,
            String modelType,
            String status,
            int percent,
            int processed,
            int total,
            int models,
            String requestedBy,
            String message,
            String createdAt,
            @Nullable String endedAt) {}

    @POST
    public Response start() {
        JobRun run = training.start(current.id(), current.principal().getName());
        return Response.accepted(view(run))
                .location(URI.create("/api/v1/ml/training-runs/" + run.id()))
                .build();
    }

    @GET
    public Response list(@BeanParam Paging paging) {
        return paging.answer(training.list(current.id(), paging.request()).map(this::view));
    }

    @GET
    @Path("{id}")
    public TrainingRunView get(@PathParam("id") long id) {
        return view(training.get(current.id(), id));
    }

    @POST
    @Path("{id}/stop")
    public TrainingRunView stop(@PathParam("id") long id) {
        return view(training.stop(current.id(), id));
    }

    @POST
    @Path("{id}/restart")
    public TrainingRunView restart(@PathParam("id") long id) {
        return view(training.restart(current.id(), id));
    }

    private TrainingRunView view(JobRun run) {
        return new TrainingRunView(
                run.id(),
                run.subject(),
                run.status().name(),
                run.percent(),
                run.processed(),
                run.total(),
                training.models(current.id(), run.id()),
                run.requestedBy(),
                run.message(),
                run.createdAt().toString(),
                run.endedAt().map(Instant::toString).orElse(null));
    }
}
