package io.auspex.report.job;

import io.auspex.cluster.job.JobSlots;
import io.auspex.cluster.job.TenantRuns;
import io.auspex.report.control.ReportStore;
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
import java.util.TreeMap;

/** Reports every tenant's day that has ended, once a night and cluster. */
@Singleton
@DenyAll
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class NightlyReports {
    @Inject
    JobSlots slots;

    @Inject
    ReportStore store;

    @Inject
    Clock clock;

    @Schedule(hour = "0", minute = "20", timezone = "UTC", persistent = false)
    void report() {
        LocalDate day = LocalDate.now(clock).minusDays(1);
        if (!slots.take(ServiceHealthReports.JOB, day.toString())) {
            return;
        }
        Map<TenantId, Long> runs = new TreeMap<>();
        for (TenantId tenant : slots.activeTenants()) {
            runs.put(tenant, store.create(tenant, day, "timer", clock.instant()));
        }
        if (!runs.isEmpty()) {
            TenantRuns.start(ServiceHealthReports.JOB, runs, ServiceHealthReports.parameters(day));
        }
    }
}
