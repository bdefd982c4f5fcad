package io.auspex.series;

import io.auspex.tenancy.TenantId;
import java.util.List;
import java.util.Set;

/**
 * Tells everybody who keeps something beside a series that the series is gone for good, labels and all: what they keep
 * of it has to go, too. Observers run before the erasure counts as done; when one fails, all are told again later.
 *
 *
 * @param values label values that no other series of the tenant has
 */
public record ErasedSeries(TenantId tenant, List<Labels> series, Set<String> values) {}
