package io.auspex.ingest.control;

import io.auspex.ingest.SeriesResolver;
import io.auspex.ingest.SeriesRewrites;
import io.auspex.series.SampleAppender;
import io.auspex.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/** Looks a tenant's series up where they are stored, under the labels that its rules give them. */
record TenantSeriesResolver(
        SampleAppender appender, TenantId tenant, @Nullable SeriesRewrites rewrites) implements SeriesResolver {
    @Override
    public void resolve(long[] high, long[] low, int from, int to, int[] refs) {
        appender.find(tenant, high, low, from, to, refs);
    }
}
