package io.auspex.report.rest;

import io.auspex.cluster.JobRun;
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
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
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

    @Inject
    Clock clock;

    /** @param day RFC 3339 full-date in UTC, yesterday by default */
    public record Request(@Nullable String day) {}

    /** One run of a report. */
    public record ReportView(
            long id,
            String report,
            String status,
            int percent,
            String requestedBy,
            String message,
            String createdAt,
            @Nullable String endedAt) {
        static ReportView of(JobRun run) {
            return new ReportView(
                    run.id(),
                    run.subject(),
                    run.status().name(),
                    run.percent(),
                    run.requestedBy(),
                    run.message(),
                    run.createdAt().toString(),
                    run.endedAt().map(Instant::toString).orElse(null));
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(@Nullable Request body) {
        JobRun run = reports.start(
                current.id(),
                day(body == null ? null : body.day()),
                current.principal().getName());
        return Response.accepted(ReportView.of(run))
                .location(URI.create("/api/v1/reports/" + run.id()))
                .build();
    }

    private LocalDate day(@Nullable String text) {
        try {
            return text == null ? LocalDate.now(clock).minusDays(1) : LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new AuspexException(Code.BAD_REQUEST, "day must be a date such as 2026-11-21, got " + text, e);
        }
    }

    @GET
    public Response list(@BeanParam Paging paging) {
        return paging.answer(reports.list(current.id(), paging.request()).map(ReportView::of));
    }

    @GET
    @Path("{id}")
    public ReportView get(@PathParam("id") long id) {
        return ReportView.of(reports.get(current.id(), id));
    }

    @POST
    @Path("{id}/stop")
    public ReportView stop(@PathParam("id") long id) {
        return ReportView.of(reports.stop(current.id(), id));
    }

    @POST
    @Path("{id}/restart")
    public ReportView restart(@PathParam("id") long id) {
        return ReportView.of(reports.restart(current.id(), id));
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
