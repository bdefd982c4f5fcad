package io.auspex.report.admin;

import io.auspex.cluster.admin.JobRow;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.Texts;
import io.auspex.report.job.ServiceHealthReports;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service-health reports of the caller's tenant: making, watching and downloading them. */
@Named
@RequestScoped
public class ReportsPage {
    private static final int SHOWN = 25;

    @Inject
    ServiceHealthReports reports;

    @Inject
    CurrentTenant current;

    @Inject
    Clock clock;

    private String cursor = "";
    private String day = "";
    private @Nullable Page<JobRow> page;

    public void start() {
        attempt(
                () -> reports.start(
                        current.id(), chosenDay(), current.principal().getName()),
                "jobs.done.started");
    }

    public void stop(long run) {
        attempt(() -> reports.stop(current.id(), run), "jobs.done.stopping");
    }

    public void restart(long run) {
        attempt(() -> reports.restart(current.id(), run), "jobs.done.restarted");
    }

    public List<JobRow> getRuns() {
        return page().items();
    }

    /** Cursor of the following page, empty on the last one. */
    public String getNext() {
        return page().next();
    }

    /** Whether there is something to watch. */
    public boolean isRunning() {
        return getRuns().stream().anyMatch(JobRow::isRunning);
    }

    /** The last day that can be chosen, UTC. */
    public String getToday() {
        return LocalDate.now(clock).toString();
    }

    private LocalDate chosenDay() {
        try {
            return day.isEmpty() ? LocalDate.now(clock).minusDays(1) : LocalDate.parse(day);
        } catch (DateTimeParseException e) {
            throw new AuspexException(Code.BAD_REQUEST, "day must be a date such as 2026-11-21, got " + day, e);
        }
    }

    private void attempt(Runnable action, String done) {
        try {
            action.run();
            Texts.done(done);
        } catch (AuspexException e) {
            Texts.refused(e);
        }
        page = null;
    }

    private Page<JobRow> page() {
        Page<JobRow> read = page;
        if (read == null) {
            read = reports.list(current.id(), new PageRequest(cursor, SHOWN)).map(JobRow::new);
            page = read;
        }
        return read;
    }

    public String getCursor() {
        return cursor;
    }

    public void setCursor(@Nullable String cursor) {
        this.cursor = cursor == null ? "" : cursor;
    }

    /** RFC 3339 full-date, UTC; the day before today unless one was typed. */
    public String getDay() {
        return day.isEmpty() ? LocalDate.now(clock).minusDays(1).toString() : day;
    }

    public void setDay(@Nullable String day) {
        this.day = day == null ? "" : day;
    }
}
