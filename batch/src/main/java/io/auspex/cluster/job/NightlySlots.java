package io.auspex.cluster.job;

import io.auspex.cluster.control.RunStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The nights of jobs: every node looks whether one is due, the first takes it for the whole cluster.
 *
 * <p>A night that nobody was there for is made up for within {@link #CATCH_UP}.
 */
@ApplicationScoped
public class NightlySlots {
    static final Duration CATCH_UP = Duration.ofHours(6);

    private static final System.Logger LOG = System.getLogger(NightlySlots.class.getName());
    private static final String NEVER = "off";

    @Inject
    RunStore store;

    @Inject
    KnownJobs jobs;

    @Inject
    Clock clock;

    @Inject
    Config config;

    @Inject
    @ConfigProperty(name = "auspex.node", defaultValue = "single")
    String node;

    private final Map<String, LocalDate> seen = new ConcurrentHashMap<>();

    /** Queues what is due and not taken yet, for every tenant. */
    void queueWhatIsDue() {
        for (TenantJob job : jobs.all()) {
            time(job)
                    .flatMap(this::due)
                    .filter(night -> !night.equals(seen.get(job.name())))
                    .ifPresent(night -> queue(job, night));
        }
    }

    /**
     * Queues a night of a job for every tenant.
     *
     * @return how many runs were queued; empty when a node did so before
     */
    public OptionalInt queue(TenantJob job, LocalDate night) {
        OptionalInt queued =
                store.queueSlot(job.name(), night.toString(), node, job.work(Map.of(), night), clock.instant());
        if (queued.orElse(-1) == 0) {
            return queued; // there was nobody to do it for; the next look tells whether there is now
        }
        seen.put(job.name(), night);
        queued.ifPresent(runs ->
                LOG.log(System.Logger.Level.INFO, "night taken job={0} night={1} runs={2}", job.name(), night, runs));
        return queued;
    }

    /** When a job begins, UTC; empty when it does so only on demand. */
    private Optional<LocalTime> time(TenantJob job) {
        String property = "auspex.jobs." + job.name() + ".at";
        Optional<String> set = config.getOptionalValue(property, String.class);
        if (set.isEmpty()) {
            return job.nightly();
        }
        try {
            return set.get().equals(NEVER) ? Optional.empty() : Optional.of(LocalTime.parse(set.get()));
        } catch (DateTimeParseException e) {
            throw new AuspexException(
                    Code.BAD_REQUEST, property + " must be a time such as 02:10, or off, got " + set.get(), e);
        }
    }

    /** The night that began last, when that is not too long ago. */
    private Optional<LocalDate> due(LocalTime time) {
        LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDateTime begin = now.toLocalDate().atTime(time);
        if (begin.isAfter(now)) {
            begin = begin.minusDays(1);
        }
        return begin.plus(CATCH_UP).isBefore(now) ? Optional.empty() : Optional.of(begin.toLocalDate());
    }
}
