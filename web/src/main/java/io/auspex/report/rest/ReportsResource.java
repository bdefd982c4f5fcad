package io.auspex.report.rest;

import io.auspex.cluster.rest.JobRunView;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.rest.Paging;
import io.auspex.report.job.ServiceHealthReports;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Service-health reports of the caller's tenant. */
@RequestScoped
@Path("v1/reports")
@Produces(MediaType.APPLICATION_JSON)
public class ReportsResource {
    @Inject
    ServiceHealthReports reports;

    @Inject
    CurrentTenant current;

    /** @param day RFC 3339 full-date in UTC, yesterday by default */
    public record Request(@Nullable String day) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(@Nullable Request body) {
        return JobRunView.accepted(
                reports.start(
                        current.id(),
                        body == null ? null : body.day(),
                        current.principal().getName()),
                "/api/v1/reports");
    }

    @GET
    public Response list(@BeanParam Paging paging) {
        return JobRunView.list(paging, reports.list(current.id(), paging.request()));
    }

    @GET
    @Path("{id}")
    public JobRunView get(@PathParam("id") long id) {
        return JobRunView.of(reports.get(current.id(), id));
    }

    @GET
    @Path("{id}/download")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
    public Response download(@PathParam("id") long id, @QueryParam("format") @DefaultValue("csv") String format) {
        ServiceHealthReports.Document document = reports.document(current.id(), id);
        return switch (format) {
            case "csv" -> attachment(document.csv(), "text/csv;charset=UTF-8;header=present", id + ".csv", document);
            case "html" -> attachment(document.html(), "text/html;charset=UTF-8", id + ".html", document);
            default -> throw new AuspexException(Code.BAD_REQUEST, "format must be csv or html, got " + format);
        };
    }

    private static Response attachment(String text, String type, String name, ServiceHealthReports.Document document) {
        return Response.ok(text, type)
                .header("Content-Disposition", "attachment; filename=\"service-health-" + name + "\"")
                .tag(document.sha256())
                .build();
    }
}
