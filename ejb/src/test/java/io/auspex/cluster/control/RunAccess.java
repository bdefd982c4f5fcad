package io.auspex.cluster.control;

import io.auspex.cluster.JobWork;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.time.Instant;
import java.util.Map;

/** Runs for tests of what hangs on them, without a container. */
public final class RunAccess {
    private final RunStore store = new RunStore();

    public RunAccess(TenantJdbc jdbc) {
        store.jdbc = jdbc;
    }

    public long queue(TenantId tenant, String job, String subject) {
        return store.queue(tenant, job, new JobWork(subject, Map.of()), "test", Instant.EPOCH)
                .orElseThrow();
    }
}
