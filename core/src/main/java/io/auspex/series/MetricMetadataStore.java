package io.auspex.series;

import io.auspex.platform.AuspexException;
import io.auspex.tenancy.TenantId;
import java.util.List;

/** What senders say about metrics, one entry for each metric of a tenant: the last one said. */
public interface MetricMetadataStore {
    /**
     * Keeps what is new or changed, as far as the tenant may have more metrics described; the rest is dropped, as is
     * what cannot be stored now. Senders repeat themselves, so nothing is lost for long.
     */
    void learn(TenantId tenant, List<MetricMetadata> said);

    /**
     * What is known of a tenant's metrics, sorted by metric.
     *
     * @param metric only this one; empty for all
     * @param limit how many at most; negative for all
     * @throws AuspexException UNAVAILABLE when PostgreSQL is not there
     */
    List<MetricMetadata> find(TenantId tenant, String metric, int limit);
}
