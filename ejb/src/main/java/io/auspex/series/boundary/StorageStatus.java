package io.auspex.series.boundary;

import io.auspex.series.control.StorageReport;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.List;

/** How the caller's samples are stored: the tenant's own figures, never those of others. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
public class StorageStatus {
    @Inject
    CurrentTenant current;

    @Inject
    StorageReport report;

    /** A name and how many series or values it stands for. */
    public record NamedCount(String name, long value) {}

    /**
     * The cardinality of a tenant's series, as Prometheus shows it; the largest first.
     *
     * @param activeSeries series with samples in memory
     * @param chunks of those, in memory
     * @param minMillis the first time of a sample in memory, {@link Long#MAX_VALUE} when there is none
     * @param maxMillis the last such time, {@link Long#MIN_VALUE} when there is none
     * @param bytesByLabel bytes of all values of a label
     */
    public record Cardinality(
            int series,
            int activeSeries,
            int activeLimit,
            long labelPairs,
            long chunks,
            long minMillis,
            long maxMillis,
            List<NamedCount> seriesByMetric,
            List<NamedCount> valuesByLabel,
            List<NamedCount> bytesByLabel,
            List<NamedCount> seriesByPair) {}

    /**
     * What a tenant's samples take in packs.
     *
     * @param bytes of packs, compressed
     */
    public record Packs(long packs, long samples, long bytes, long firstMillis, long lastMillis) {}

    /** @param limit how many entries each list has at most */
    public Cardinality cardinality(int limit) {
        return report.cardinality(current.id(), limit);
    }

    @RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
    public Packs packs() {
        return report.packs(current.id());
    }
}
