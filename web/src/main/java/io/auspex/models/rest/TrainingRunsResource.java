package io.auspex.models.rest;

import io.auspex.cluster.job.Jobs;
import io.auspex.cluster.rest.JobRunView;
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
import java.util.Map;
import java.util.Set;

/** Training of the caller's tenant's models. */
@RequestScoped
@Path("v1/ml/training-runs")
@Produces(MediaType.APPLICATION_JSON)
public class TrainingRunsResource {
    @Inject
    Jobs jobs;

    @Inject
    CurrentTenant current;

    @POST
    public Response start() {
        return JobRunView.accepted(
                jobs.start(
                        current.id(),
                        ModelTraining.NAME,
                        Map.of(),
                        current.principal().getName()),
                "/api/v1/ml/training-runs");
    }

    @GET
    public Response list(@BeanParam Paging paging) {
        return JobRunView.list(paging, jobs.list(current.id(), Set.of(ModelTraining.NAME), paging.request()));
    }

    @GET
    @Path("{id}")
    public JobRunView get(@PathParam("id") long id) {
        return JobRunView.of(jobs.get(current.id(), ModelTraining.NAME, id));
    }
}
