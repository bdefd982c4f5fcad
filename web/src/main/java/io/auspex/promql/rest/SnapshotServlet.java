package io.auspex.promql.rest;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.job.Jobs;
import io.auspex.series.job.SnapshotJob;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * {@code /api/v1/admin/tsdb/snapshot}: has a snapshot written. Answers with its name at once; the run under
 * {@code Location} tells how far it is.
 */
@WebServlet(name = "promqlSnapshot", urlPatterns = "/api/v1/admin/tsdb/snapshot")
public class SnapshotServlet extends TsdbAdminServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Jobs jobs;

    @Inject
    transient CurrentTenant current;

    @Override
    void run(Parameters parameters, HttpServletResponse response) throws IOException {
        JobRun run = jobs.start(
                current.id(), SnapshotJob.NAME, Map.of(), current.principal().getName());
        response.setHeader("Location", "/api/v1/system/jobs/runs/" + run.id());
        send(
                Answer.of(json ->
                        json.beginObject().name("name").string(run.subject()).endObject()),
                response);
    }
}
