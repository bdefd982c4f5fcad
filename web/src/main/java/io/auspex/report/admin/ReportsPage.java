package io.auspex.report.admin;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.admin.RunsPage;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.report.job.ServiceHealthReports;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** The service-health reports of the caller's tenant: making, watching and downloading them. */
@Named
@RequestScoped
public class ReportsPage extends RunsPage {
    @Inject
    ServiceHealthReports reports;

    @Inject
    Clock clock;

    private String day = "";

    public void start() {
        start(() -> reports.start(current.id(), getDay(), current.principal().getName()));
    }

    @Override
    protected Page<JobRun> runs(PageRequest part) {
        return reports.list(current.id(), part);
    }

    /** The last day that can be chosen, UTC. */
    public String getToday() {
        return LocalDate.now(clock).toString();
    }

    /** RFC 3339 full-date, UTC; the day before today unless one was typed. */
    public String getDay() {
        return day.isEmpty() ? LocalDate.now(clock).minusDays(1).toString() : day;
    }

    public void setDay(@Nullable String day) {
        this.day = day == null ? "" : day;
    }
}
