package io.auspex.series;

import io.auspex.tenancy.TenantId;
import java.util.function.IntFunction;

/**
 * Float samples of one tenant that became durable together, as columns.
 *
 * <p>Immutable and safe to keep. Row {@code i} is one sample; rows of one series stand in the order in which
 * they were sent. Native histogram samples are not part of the stream.
 */
public final class FreshBatch {
    private final TenantId tenant;
    private final int[] refs;
    private final long[] timestamps;
    private final double[] values;
    private final IntFunction<Labels> labels;

    /** The arrays have one length and belong to the batch from now on. */
    public FreshBatch(
            TenantId tenant, int[] refs, long[] timestamps, double[] values, IntFunction<Labels> labelsOfRef) {
        if (refs.length != timestamps.length || refs.length != values.length) {
            throw new IllegalArgumentException(
                    "columns differ in length: " + refs.length + ", " + timestamps.length + ", " + values.length);
        }
        this.tenant = tenant;
        this.refs = refs;
        this.timestamps = timestamps;
        this.values = values;
        this.labels = labelsOfRef;
    }

    public TenantId tenant() {
        return tenant;
    }

    public int size() {
        return refs.length;
    }

    /** The series of a row: unique over all tenants and stable while the server runs, so state may be keyed by it. */
    public int ref(int row) {
        return refs[row];
    }

    /** The label set of a row's series; a look-up, so ask once per series and not once per sample. */
    public Labels labels(int row) {
        return labels.apply(refs[row]);
    }

    /** Unix milliseconds. */
    public long timestamp(int row) {
        return timestamps[row];
    }

    /** The value, stale markers included ({@link StaleMarker#is}). */
    public double value(int row) {
        return values[row];
    }
}
