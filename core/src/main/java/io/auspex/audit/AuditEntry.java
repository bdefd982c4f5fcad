package io.auspex.audit;

import java.time.Instant;

/**
 * One thing that was done in a tenant.
 *
 * @param sequence 1, 2, 3 ... without gaps inside the tenant
 * @param at to the microsecond
 * @param actor stable id: {@code user:7}, {@code key:3}, the same followed by {@code @} and a tenant for somebody from
 *     another tenant, {@code system}, {@code anonymous} for a request without a credential, or {@code db:} and a role for direct SQL
 * @param action insert, update, delete, or the name of an event
 * @param change JSON: new values, pairs of old and new for an update; personal and secret values are masked
 * @param reason given by a platform administrator who acts in another tenant
 */
public record AuditEntry(
        int tenant,
        long sequence,
        Instant at,
        String actor,
        String action,
        String objectType,
        String objectId,
        String change,
        String correlation,
        String reason) {}
