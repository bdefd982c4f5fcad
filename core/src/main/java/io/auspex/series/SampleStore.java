package io.auspex.series;

import io.auspex.tenancy.TenantId;

/** Where samples are kept. The only way to read them is to say whose. */
public interface SampleStore {
    SampleReader reader(TenantId tenant);
}
