package io.auspex.series.job;

import io.auspex.cluster.JobWork;
import io.auspex.cluster.job.TenantJob;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.series.control.Retention;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Removes samples and roll-ups whose time is over. */
@ApplicationScoped
public class RetentionJob implements TenantJob {
    public static final String NAME = "retention";

    private final Map<Long, Retention.Outcome> outcomes = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return NAME;
    }

    /** After the roll-ups of what ends. */
    @Override
    public Optional<LocalTime> nightly() {
        return Optional.of(LocalTime.of(3, 30));
    }

    @Override
    public JobWork work(Map<String, String> wanted, LocalDate today) {
        if (!wanted.isEmpty()) {
            throw new AuspexException(Code.BAD_REQUEST, NAME + " takes no parameters, got " + wanted.keySet());
        }
        return new JobWork("tiers", Map.of());
    }

    void did(long run, Retention.Outcome outcome) {
        outcomes.merge(run, outcome, Retention.Outcome::plus);
    }

    /** What this node did of the run. */
    @Override
    public String outcome(TenantId tenant, long run) {
        Retention.Outcome outcome = Optional.ofNullable(outcomes.remove(run)).orElse(Retention.Outcome.NONE);
        return "partitions: " + outcome.partitions() + ", packs: " + outcome.rows() + ", rewritten: "
                + outcome.rewritten() + ", left: " + outcome.left();
    }
}
