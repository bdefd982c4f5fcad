package io.auspex.cluster.rest;

import io.auspex.cluster.job.Jobs;
import io.auspex.platform.rest.Paging;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jobs and their runs in the caller's tenant. */
@RequestScoped
@Path("v1/system/jobs")
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {
    private static final String RUNS = "/api/v1/system/jobs/runs";

    @Inject
    Jobs jobs;

    @Inject
    CurrentTenant current;

    /** @param jobs names of all jobs */
    public record JobsView(List<String> jobs) {}

    /** @param parameters what the run shall do, as the job understands it; what it does every night by default */
    public record Request(@Nullable Map<String, String> parameters) {}

    @GET
    public JobsView names() {
        return new JobsView(jobs.names());
    }

    @POST
    @Path("{job}/runs")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(@PathParam("job") String job, @Nullable Request body) {
        Map<String, String> parameters = body == null || body.parameters() == null ? Map.of() : body.parameters();
        return JobRunView.accepted(
                jobs.start(current.id(), job, parameters, current.principal().getName()), RUNS);
    }

    @GET
    @Path("runs")
    public Response list(@BeanParam Paging paging, @QueryParam("job") @Nullable String job) {
        Set<String> names = job == null || job.isEmpty() ? Set.of() : Set.of(job);
        return JobRunView.list(paging, jobs.list(current.id(), names, paging.request()));
    }

    @GET
    @Path("runs/{id}")
    public JobRunView get(@PathParam("id") long id) {
        return JobRunView.of(jobs.get(current.id(), id));
    }

    @POST
    @Path("runs/{id}/stop")
    public Response stop(@PathParam("id") long id) {
        return JobRunView.accepted(jobs.stop(current.id(), id), RUNS);
    }

    @POST
    @Path("runs/{id}/restart")
    public Response restart(@PathParam("id") long id) {
        return JobRunView.accepted(jobs.restart(current.id(), id), RUNS);
    }
}
