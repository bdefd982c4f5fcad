package io.auspex.cluster.admin;

import io.auspex.cluster.JobRun;
import io.auspex.cluster.job.Jobs;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.ListPage;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.inject.Inject;
import java.util.function.Supplier;

/** A page with runs of jobs of the caller's tenant: watching, stopping and restarting them. */
public abstract class RunsPage extends ListPage<JobRow> {
    private static final int SHOWN = 25;

    @Inject
    protected Jobs jobs;

    @Inject
    protected CurrentTenant current;

    protected abstract Page<JobRun> runs(PageRequest part);

    @Override
    protected Page<JobRow> read(PageRequest part) {
        return runs(part).map(JobRow::new);
    }

    @Override
    protected int limit() {
        return SHOWN;
    }

    /** Starts a run and says so. */
    protected void start(Supplier<JobRun> action) {
        change(() -> Texts.done("jobs.done.started", Long.toString(action.get().id())));
    }

    public void stop(long run) {
        change(() -> {
            jobs.stop(current.id(), run);
            Texts.done("jobs.done.stopping");
        });
    }

    public void restart(long run) {
        change(() -> {
            jobs.restart(current.id(), run);
            Texts.done("jobs.done.restarted");
        });
    }

    /** Whether there is something to watch. */
    public boolean isRunning() {
        return getRows().stream().anyMatch(JobRow::isOpen);
    }
}
