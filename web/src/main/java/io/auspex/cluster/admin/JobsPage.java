package io.auspex.cluster.admin;

import io.auspex.cluster.JobRun;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.Choice;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The runs of all jobs, and starting one. */
@Named
@RequestScoped
public class JobsPage extends RunsPage {
    private String job = "";

    public void start() {
        start(() -> jobs.start(current.id(), job, Map.of(), current.principal().getName()));
    }

    @Override
    protected Page<JobRun> runs(PageRequest part) {
        return jobs.list(current.id(), Set.of(), part);
    }

    /** The jobs there are. */
    public List<Choice> getJobs() {
        return jobs.names().stream()
                .map(name -> new Choice(name, JobRow.title(name)))
                .toList();
    }

    public String getJob() {
        return job;
    }

    public void setJob(@Nullable String job) {
        this.job = job == null ? "" : job;
    }
}
