package io.auspex.insight.control;

import io.auspex.insight.Insight;
import io.auspex.insight.boundary.InsightStream;
import io.auspex.insight.boundary.InsightStreams;
import io.auspex.platform.PageRequest;
import io.auspex.tenancy.TenantId;
import io.auspex.tenancy.control.TenantJdbc;
import java.util.List;

/** The stream of findings for tests, without a container. */
public final class InsightAccess {
    private final InsightStore store = new InsightStore();

    public InsightAccess(TenantJdbc jdbc) {
        store.jdbc = jdbc;
    }

    public InsightStream stream() {
        return InsightStreams.of(store);
    }

    public List<Insight> of(TenantId tenant) {
        return store.list(tenant, InsightStore.Filter.ALL, PageRequest.FIRST);
    }
}
