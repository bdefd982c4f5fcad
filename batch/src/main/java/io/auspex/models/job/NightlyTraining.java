package io.auspex.models.job;

import io.auspex.cluster.job.JobSlots;
import io.auspex.cluster.job.TenantRuns;
import io.auspex.models.control.TrainingStore;
import io.auspex.tenancy.TenantId;
import jakarta.annotation.security.DenyAll;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Trains the models of every tenant once a night and cluster. */
@Singleton
@DenyAll
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class NightlyTraining {
    @Inject
    JobSlots slots;

    @Inject
    TrainingStore store;

    @Inject
    Clock clock;

    @Schedule(hour = "2", minute = "10", timezone = "UTC", persistent = false)
    void train() {
        if (!slots.take(ModelTraining.JOB, LocalDate.now(clock).toString())) {
            return;
        }
        Map<TenantId, Long> runs = new TreeMap<>();
        for (TenantId tenant : slots.activeTenants()) {
            runs.put(tenant, store.create(tenant, ModelTraining.MODEL_TYPE, "timer", clock.instant()));
        }
        if (!runs.isEmpty()) {
            TenantRuns.start(ModelTraining.JOB, runs, new Properties());
        }
    }
}
