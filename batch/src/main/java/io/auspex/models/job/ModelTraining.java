package io.auspex.models.job;

import io.auspex.cluster.JobWork;
import io.auspex.cluster.job.TenantJob;
import io.auspex.models.control.ModelStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;

/** Trains a tenant's models; each run adds a version, and none becomes active by that. */
@ApplicationScoped
public class ModelTraining implements TenantJob {
    public static final String NAME = "model-training";
    private static final String MODEL_TYPE = "next-value";

    @Inject
    ModelStore store;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<LocalTime> nightly() {
        return Optional.of(LocalTime.of(2, 10));
    }

    @Override
    public JobWork work(Map<String, String> wanted, LocalDate today) {
        if (!wanted.isEmpty()) {
            throw new AuspexException(Code.BAD_REQUEST, NAME + " takes no parameters, got " + wanted.keySet());
        }
        return new JobWork(MODEL_TYPE, Map.of());
    }

    @Override
    public String outcome(TenantId tenant, long run) {
        long models = store.count(tenant, run);
        return models > 0
                ? "models: " + models
                : "models: 0; a series needs " + NextValueTrainer.LEAST_VALUES
                        + " values that differ (half an hour at 15 s)";
    }
}
