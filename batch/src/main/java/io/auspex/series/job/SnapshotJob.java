package io.auspex.series.job;

import io.auspex.cluster.JobWork;
import io.auspex.cluster.job.TenantJob;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.control.Snapshots;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Writes a snapshot of the tenant's samples; its subject is the snapshot's name. */
@ApplicationScoped
public class SnapshotJob implements TenantJob {
    public static final String NAME = "tsdb-snapshot";

    @Inject
    Snapshots snapshots;

    private final Map<Long, Snapshots.Outcome> outcomes = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return NAME;
    }

    /** Only when somebody asks, unless the operator sets a time. */
    @Override
    public Optional<LocalTime> nightly() {
        return Optional.empty();
    }

    @Override
    public JobWork work(Map<String, String> wanted, LocalDate today) {
        if (!wanted.isEmpty()) {
            throw new AuspexException(Code.BAD_REQUEST, NAME + " takes no parameters, got " + wanted.keySet());
        }
        return new JobWork(snapshots.name(), Map.of());
    }

    void did(long run, Snapshots.Outcome outcome) {
        outcomes.put(run, outcome);
    }

    @Override
    public String outcome(TenantId tenant, long run) {
        return Optional.ofNullable(outcomes.remove(run))
                .map(outcome -> "file: " + outcome.file() + ", rows: " + outcome.rows() + ", bytes: " + outcome.bytes())
                .orElse("");
    }
}
