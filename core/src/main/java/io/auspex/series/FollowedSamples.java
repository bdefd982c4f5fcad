package io.auspex.series;

import io.auspex.tenancy.TenantId;

/** Told when a node has read samples that another node took. */
public record FollowedSamples(TenantId tenant, int samples) {}
