package io.auspex.insight.boundary;

import io.auspex.tenancy.TenantId;

/**
 * Event: the findings of a tenant change. Fired inside the transaction that changes them, so what an observer reads at
 * once may still be the old state, and stays it when the transaction is rolled back.
 */
public record FindingsChanged(TenantId tenant) {}
