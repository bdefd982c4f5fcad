package io.auspex.cluster.job;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Every job there is, found by its type. */
@ApplicationScoped
public class KnownJobs {
    @Inject
    @Any
    Instance<TenantJob> found;

    private List<TenantJob> jobs = List.of();

    @PostConstruct
    void read() { // once: asking again would make a dependent bean again
        jobs = found.stream().sorted(Comparator.comparing(TenantJob::name)).toList();
    }

    List<TenantJob> all() {
        return jobs;
    }

    Optional<TenantJob> find(String name) {
        return jobs.stream().filter(job -> job.name().equals(name)).findFirst();
    }
}
