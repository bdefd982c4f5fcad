package io.auspex.models.admin;

import io.auspex.cluster.admin.JobRow;
import io.auspex.models.job.ModelTraining;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.Texts;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The training runs of the caller's tenant: starting, watching, stopping and restarting them. */
@Named
@RequestScoped
public class JobsPage {
    private static final int SHOWN = 25;

    @Inject
    ModelTraining training;

    @Inject
    CurrentTenant current;

    private String cursor = "";
    private @Nullable Page<JobRow> page;

    public void start() {
        attempt(() -> training.start(current.id(), current.principal().getName()), "jobs.done.started");
    }

    public void stop(long run) {
        attempt(() -> training.stop(current.id(), run), "jobs.done.stopping");
    }

    public void restart(long run) {
        attempt(() -> training.restart(current.id(), run), "jobs.done.restarted");
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
            read = training.list(current.id(), new PageRequest(cursor, SHOWN)).map(JobRow::new);
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
}
