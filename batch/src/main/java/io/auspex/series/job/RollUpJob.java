package io.auspex.series.job;

import io.auspex.cluster.JobWork;
import io.auspex.cluster.job.TenantJob;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.control.RollUps;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Merges the packs of days that are over and writes their roll-ups. */
@ApplicationScoped
public class RollUpJob implements TenantJob {
    public static final String NAME = "roll-up";

    private final Map<Long, RollUps.Outcome> outcomes = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return NAME;
    }

    /** Late enough for a flush after midnight, which comes every two hours at the latest. */
    @Override
    public Optional<LocalTime> nightly() {
        return Optional.of(LocalTime.of(2, 30));
    }

    @Override
    public JobWork work(Map<String, String> wanted, LocalDate today) {
        if (!wanted.isEmpty()) {
            throw new AuspexException(Code.BAD_REQUEST, NAME + " takes no parameters, got " + wanted.keySet());
        }
        return new JobWork("samples", Map.of());
    }

    void did(long run, RollUps.Outcome outcome) {
        outcomes.merge(run, outcome, RollUps.Outcome::plus);
    }

    /** What this node did of the run. */
    @Override
    public String outcome(TenantId tenant, long run) {
        RollUps.Outcome outcome = Optional.ofNullable(outcomes.remove(run)).orElse(RollUps.Outcome.NONE);
        return "packs: " + outcome.packs() + " of " + outcome.merged() + ", samples: " + outcome.samples();
    }
}
