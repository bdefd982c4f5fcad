package io.auspex.ingest.boundary;

import io.auspex.ingest.Account;
import io.auspex.ingest.control.IngestPipeline;
import io.auspex.platform.AuspexException;
import io.auspex.series.Labels;
import io.auspex.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/**
 * The way in for samples that the server makes itself: validated, logged and acknowledged like those from outside.
 *
 * <p>No caller, no role: the tenant is told by the code that has it from a job's plan or a setting.
 */
@ApplicationScoped
public class LocalIngest {
    @Inject
    IngestPipeline pipeline;

    /**
     * Stores one sample for each series, all at one time; returns when they are durable.
     *
     * @throws AuspexException UNAVAILABLE when nothing was stored
     */
    public Account append(TenantId tenant, List<Labels> series, long epochMillis, double[] values) {
        if (series.size() != values.length) {
            throw new IllegalArgumentException(series.size() + " series but " + values.length + " values");
        }
        return pipeline.local(tenant, series, epochMillis, values);
    }
}
